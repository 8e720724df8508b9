//! The sources of the rules, each with the rules that cite it: whoever checks a page sees what hangs on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::common::{is_stale, path};

#[test]
fn the_list_of_sources_is_current() {
    let mut citing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in imagelint::rules() {
        for source in rule.source {
            citing.entry(source).or_default().push(rule.name);
        }
    }
    let mut list = String::new();
    for (source, mut rules) in citing {
        rules.sort_unstable();
        rules.dedup();
        writeln!(list, "{source}\n    {}", rules.join(" ")).expect("a String takes all");
    }
    let file = path("tests/golden/sources.txt");
    assert!(!is_stale(&file, &list), "{} is stale (BLESS=1 cargo test rewrites it)", file.display());
}
