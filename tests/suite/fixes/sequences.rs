//! Fixes in JSON text sequences (RFC 7464), whose texts have a record separator before them.

use std::fs;

use super::FAULTY;
use crate::common::{Scratch, feed, gzip};

const CUT: &str = "{\"image\": {\"Name\": \"o";

/// Texts to be fixed, blank ones, one on two lines, one that breaks off, and two documents in one text.
fn sequence() -> String {
    let faulty = "{\"requestId\": \"a\", \"image\": {\"Name\": \"one\", \"platform\": \"Linux\"}}";
    let texts = ["", " \n", faulty, &faulty.replace(", ", ",\n"), CUT, &format!("{faulty}\n{faulty}"), faulty];
    texts.map(|text| format!("\u{1e}{text}\n")).concat().trim_end().to_owned()
}

/// The sequence after the safe fixes.
fn fixed() -> String {
    sequence().replace("\"Name\"", "\"name\"").replace("{\"image\": {\"name\": \"o\n", &format!("{CUT}\n"))
}

#[test]
fn each_text_is_fixed_in_place_and_the_separators_stay() {
    let folder = Scratch::new("fixes/sequence");
    folder.write("a.json-seq", sequence());
    let ran = folder.run(&["--fix", "a.json-seq"]);
    assert_eq!(folder.read("a.json-seq"), fixed());
    ran.says("6 documents checked: 1 error, 0 warnings, 5 infos; 5 fixed").ends_with(1);
    let ran = feed(&["--fix", "-"], sequence());
    assert_eq!(ran.stdout, fixed());
    // As in a file, the separator may stand before a document of another layout.
    let text =
        format!("\u{1e}{}\u{1e}{}", FAULTY.trim_start_matches('\u{feff}'), FAULTY.trim_start_matches('\u{feff}'));
    assert_eq!(feed(&["--fix", "-"], &text).stdout, text.replace("\"Name\"", "\"name\""));
}

#[test]
fn what_is_said_of_a_text_that_breaks_off_is_of_that_text() {
    let ran = feed(&["--fix", "-"], sequence());
    let said = "imagelint: -: the rest of the document is neither checked nor fixed: it is not JSON, see line 8\n";
    assert!(ran.stderr.contains(said), "{ran:#?}");
}

#[test]
fn a_compressed_sequence_is_left_alone_and_named() {
    let folder = Scratch::new("fixes/sequence-compressed");
    folder.write("a.json-seq.gz", gzip(sequence()));
    folder.run(&["--fix", "a.json-seq.gz"]).says("5 findings are not fixed: the file is compressed").ends_with(1);
    assert_eq!(fs::read(folder.join("a.json-seq.gz")).expect("the file"), gzip(sequence()));
}

#[test]
fn a_diff_has_the_separators() {
    let folder = Scratch::new("fixes/sequence-diff");
    folder.write("a.json-seq", sequence());
    let ran = folder.run(&["--diff", "a.json-seq"]);
    ran.says("5 findings in 1 file can be fixed\n").ends_with(1);
    let last = sequence().rsplit_once('\n').expect("lines").1.to_owned();
    assert!(ran.stdout.contains(&format!("\n-{last}\n")), "{ran:#?}");
    assert!(ran.stdout.contains(&format!("\n+{}\n", last.replace("Name", "name"))), "{ran:#?}");
    assert!(ran.stdout.contains(&format!("\n \u{1e}{CUT}\n")), "{ran:#?}");
    assert_eq!(folder.read("a.json-seq"), sequence());
}

#[test]
fn a_baseline_knows_the_findings_of_a_sequence() {
    let folder = Scratch::new("fixes/sequence-baseline");
    folder.write("a.json-seq", sequence());
    folder.run(&["--write-baseline", "a.json-seq"]).ends_with(0);
    let check = ["--baseline", "imagelint-baseline.json", "--format", "concise", "a.json-seq"];
    folder.run(&check).prints_lines(0).ends_with(0);
    folder.write("a.json-seq", format!("{}\n\u{1e}{{\"image\": {{\"platform\": \"linux\"}}}}", sequence()));
    folder.run(&check).prints_lines(2).says("a.json-seq:12:25: error[enum-value]").ends_with(1);
}
