//! Documents: decodes bytes to text, finds the documents in a text, and parses each into a tree with a span for
//! every value and every key. Parsing never fails: text that is not JSON is a document with faults in it. Knows no
//! kind and no file.

mod decode;
mod documents;
mod duplicates;
mod lines;
mod mend;
mod notation;
mod parser;
mod pointer;
mod rules;
pub(crate) mod secret;
mod slips;
mod splitter;
mod syntax;
mod tape;
mod tree;
mod wrapping;

pub(crate) use decode::{ArraySyntax, Encoding, Text, start_of};
pub(crate) use lines::split_lines;
#[cfg(test)]
pub(crate) use pointer::at;
pub(crate) use pointer::{last_name, tokens};
pub(crate) use rules::{DOCUMENT_SIZE, DRY_RUN, DUPLICATE_JSON_KEY, ENCODING, ERROR_DOCUMENT, SYNTAX};
pub(crate) use splitter::{Piece, RECORD_SEPARATOR, Splitter};
pub(crate) use tree::{Content, Document, Index, Member, Value};
pub(crate) use wrapping::Wrapped;
