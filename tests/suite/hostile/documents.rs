//! Inputs that hold no document, or only the start of one, at any size.

use crate::common::{Scratch, feed, gzip};

/// More white space than is read at once.
fn much_space() -> String {
    " \n".repeat(3 << 20)
}

#[test]
fn what_is_named_must_be_a_document() {
    let folder = Scratch::new("hostile/named");
    let space = much_space();
    let cut_off = "error[syntax] the text ends before the document does";
    let empty = "1:1: error[syntax] there is no JSON value; the text is empty";
    let no_kind = "error[unknown-kind]";
    let open = format!("[{space}");
    let cases: [(&str, &[u8], &str); 11] = [
        ("open.jsonl", b"[", cut_off),
        ("open.json", b"[", cut_off),
        ("open-large.jsonl", open.as_bytes(), cut_off),
        ("open-large.json", open.as_bytes(), cut_off),
        ("open.jsonl.gz", &gzip(&open), cut_off),
        ("array.jsonl", b"[\n]\n", no_kind),
        ("array-large.json", &format!("\n[{space}]\n").into_bytes(), &format!(":2:1: {no_kind}")),
        ("zero.json", b"", empty),
        ("blank.json", b"\n\n", empty),
        ("blank-large.json", space.as_bytes(), empty),
        ("blank.json.gz", &gzip(&space), empty),
    ];
    for (name, bytes, finding) in cases {
        let ran = folder.write(name, bytes).run(&["--format", "concise", name]);
        ran.says(finding).says("1 file checked: 1 error").prints_lines(1).ends_with(1);
    }
}

#[test]
fn json_lines_and_standard_input_may_hold_no_document() {
    let folder = Scratch::new("hostile/blank");
    let (space, none) = (much_space(), "1 file with 0 documents checked");
    let cases: [(&str, &[u8]); 5] = [
        ("zero.jsonl", b""),
        ("blank.ndjson", b"\n \r\n"),
        ("mark.jsonl", b"\xef\xbb\xbf"),
        ("large.jsonl", space.as_bytes()),
        ("large.ndjson.gz", &gzip(&space)),
    ];
    for (name, bytes) in cases {
        folder.write(name, bytes).run(&[name]).says(none).ends_with(0);
        feed(&["-"], bytes).says(none).ends_with(0);
    }
    // In a directory nothing says that they are of Image Builder.
    folder.run(&["."]).says("0 files checked").says("5 files skipped").ends_with(0);
}

#[test]
fn a_fix_keeps_the_space_of_an_input_without_documents() {
    let text = format!("[ \n{}]", much_space());
    assert!(feed(&["--fix", "-"], &text).stdout == text);
}

#[cfg(unix)]
#[test]
fn links_to_nothing_are_told() {
    use std::os::unix::fs::symlink;

    let folder = Scratch::new("hostile/dangling");
    symlink("nowhere", folder.join("a.json")).expect("a link");
    symlink("b.json", folder.join("b.json")).expect("a link");
    let ran = folder.run(&["."]);
    ran.says("imagelint: a.json: No such file").says("imagelint: b.json: ").says("2 files unreadable");
    ran.is_silent_on("holds no file").ends_with(2);
}
