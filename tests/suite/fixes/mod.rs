//! Fixes: their laws on every fixture in many layouts, and what the program does with files.

mod diffs;
mod files;
mod laws;
mod sequences;
mod slips;

use crate::common::Scratch;

/// A document with one safe fix (a misspelt member), one unsafe one and an error without any.
const FAULTY: &str = concat!(
    "\u{feff}{\r\n\t\"requestId\" :\"a\",\r\n\t\"image\": { \"Name\": \"one\", \"platform\": \"linux\",\r\n",
    "\t\"infrastructureConfiguration\": {\"placement\": {\"hostId\": \"h-09da7ca2800d8ddd9\"}}}}\r\n\r\n"
);

/// The same document after the safe fix.
fn fixed() -> String {
    FAULTY.replace("\"Name\"", "\"name\"")
}

/// A folder with that document in it.
fn faulty(name: &str) -> Scratch {
    let folder = Scratch::new(name);
    folder.write("a.json", FAULTY);
    folder
}
