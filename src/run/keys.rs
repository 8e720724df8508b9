//! Says by which keys the documents of inputs are compared: `imagelint keys`.

use std::fs::File;
use std::io::{self, Read};

use serde::Serialize;

use crate::lint::identity::Identity;
use crate::lint::keys::{Described, described};
use crate::recognise::documents;
use crate::recognise::kind::Kind;
use crate::rule::pair::Side;
use crate::rules;
use crate::run::blocks;
use crate::run::input::Input;
use crate::run::scopes::Scopes;
use crate::text::lines::Lines;

/// A document of an input, with its keys.
#[derive(Debug, Serialize)]
pub(crate) struct KeysOf<'i> {
    file: &'i str,
    document: usize,
    line: usize,
    keys: Vec<Comparison>,
}

/// A thing that a document describes, for a rule that compares such descriptions.
#[derive(Debug, Serialize)]
struct Comparison {
    rule: &'static str,
    key: String,
    side: &'static str,
    /// The side that it is compared with, if that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<&'static str>,
    /// How often the document describes it, if more than once.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
}

/// Passes the keys of each document of an input to a function, in the order of the file.
///
/// # Errors
///
/// Those of reading and of the function.
pub(crate) fn keys_of(
    input: &Input,
    scopes: &Scopes,
    forced: Option<&'static Kind>,
    stdin: &mut dyn Read,
    each: &mut dyn FnMut(KeysOf<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let bytes: Box<dyn Read + '_> = match input.file() {
        Some(path) => Box::new(File::open(path)?),
        None => Box::new(stdin),
    };
    let (file, linter) = (input.name(), scopes.linter(input.path()));
    let pairs: Vec<_> = rules::pairs().filter(|pair| linter.levels().runs(pair.rule)).collect();
    let keys = |Described { side, key, count }: Described| -> Vec<Comparison> {
        let comparison = |(rule, opposite): (&'static str, Side)| Comparison {
            rule,
            key: key.clone(),
            side: side.name(),
            with: (opposite != side).then(|| opposite.name()),
            count: (count > 1).then_some(count),
        };
        let opposites = pairs.iter().filter_map(|pair| Some((pair.rule.name, pair.opposite(side)?)));
        opposites.map(comparison).collect()
    };
    let mut more = 0;
    blocks::read(bytes, input.reading(scopes.of_run().max_document_size()), |block| {
        for text in block.texts() {
            let lines = Lines::new(&text.text, text.origin);
            let documents = documents(&text, forced);
            let first = text.origin.documents + more;
            // A line may hold an array of documents.
            more += documents.len() - 1;
            for (index, document) in (first..).zip(&documents) {
                let line = lines.position(Identity::new(index, document).start).line;
                let described = if text.is_whole() { described(document, input.asked(), forced) } else { Vec::new() };
                let keys = described.into_iter().flat_map(keys).collect();
                each(KeysOf { file: &file, document: index, line, keys })?;
            }
        }
        Ok(())
    })
}
