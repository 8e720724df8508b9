//! JSON in texts that are not JSON alone: it is linted where it stands.

use imagelint::{Finding, Linter};

use crate::common::{FAULTY, Scratch, fixtures, pedantic, text};

/// Texts with a document in them, and whether something stands between its lines or tokens.
fn wrappings(document: &str) -> Vec<(&'static str, String)> {
    let document = document.trim();
    let lines = |line: &dyn Fn(usize, &str) -> String| -> String {
        document.lines().enumerate().map(|(index, text)| line(index + 1, text) + "\n").collect()
    };
    // Not in the JSON that a string holds.
    let masked = document.replace("\\\": ", "\u{0}");
    let colours = masked.replace("\": ", "\"\u{1b}[0m\u{1b}[1;39m:\u{1b}[0m ").replace('\u{0}', "\\\": ");
    vec![
        ("fence", format!("Héllo:\n\n```json\n{document}\n```\n")),
        ("prompt", format!("[ana@host ~]$ aws imagebuilder get-image\n{document}\n[ana@host ~]$ \n")),
        ("prompt on the last line", format!("$ aws imagebuilder get-image\r\n{document}ana@host:~$ ")),
        ("log", format!("2024-05-03 10:15:30 INFO fetched\n{document}\n[INFO] done\n")),
        ("mail", format!("Hi,\n\n{document}\n\n-- \nAna\n")),
        ("pager", format!("{document}\n(END)\n")),
        ("code", format!("export const capture = {document};\n")),
        ("prose", format!("This is it.\n\n{document}\n\nThat was it.\n")),
        ("colours", colours),
        ("quotes", format!("On Tuesday, Ana wrote:\n{}", lines(&|_, line| format!("> {line}")))),
        ("numbers", lines(&|number, line| format!("{number:4} │ {line}"))),
        ("timestamps", lines(&|_, line| format!("2024-05-03T10:15:30.1234567Z {line}"))),
        ("diff", lines(&|_, line| format!("+{line}"))),
    ]
}

/// The rules of findings with the texts at their labels, but for the finding of the wrapping; line breaks aside, as
/// something may stand before the lines of a long label.
fn seen<'t>(text: &'t str, findings: &[Finding]) -> Vec<(&'static str, Vec<&'t str>)> {
    let labelled = |finding: &Finding| {
        let label = |start: usize, end: usize| text[start..end].lines().next().unwrap_or_default();
        finding
            .labels()
            .map(|label_at| label(label_at.location().start().offset, label_at.location().end().offset))
            .collect()
    };
    let inner = findings.iter().filter(|finding| !is_wrapping(finding));
    inner.map(|finding| (finding.rule().name, labelled(finding))).collect()
}

fn is_wrapping(finding: &Finding) -> bool {
    finding.rule().name == "syntax" && finding.message().contains(" beside its ")
}

#[test]
fn a_document_has_the_same_findings_at_the_same_places_in_every_wrapping() {
    let settings = pedantic();
    let linter = Linter::with_settings(&settings);
    let faulty = ["placement-exclusive", "date-order", "step-count-sum", "name-form", "enum-value", "null-member"];
    let faulty = faulty.iter().map(|rule| format!("/invalid/{rule}/"));
    let folders: Vec<String> = faulty.chain(["/valid/base/".to_owned(), "/demo/".to_owned()]).collect();
    let mut compared = 0;
    for fixture in fixtures("corpus") {
        let path = fixture.to_string_lossy().replace('\\', "/");
        if !folders.iter().any(|folder| path.contains(folder.as_str())) {
            continue;
        }
        let document = std::fs::read_to_string(&fixture).expect("a fixture of UTF-8");
        // A response of HTTP, and several documents in an array, are texts of their own.
        if !document.starts_with('{') {
            continue;
        }
        let plain = linter.lint("-", &document);
        let expected = seen(&document, plain.findings());
        for (name, wrapped) in wrappings(&document) {
            // Nothing stands before the only line of a document that has one.
            let checked = linter.lint("-", &wrapped);
            let found = checked.findings();
            let place = format!("{name} around {path}:\n{wrapped}\n{found:#?}");
            assert_eq!(found.iter().filter(|finding| is_wrapping(finding)).count(), 1, "{place}");
            assert_eq!(checked.documents(), plain.documents(), "{place}");
            let plain_lines = |seen: Vec<(&'static str, Vec<&str>)>| -> Vec<(&'static str, Vec<String>)> {
                let first = |text: &str| text.replace("\u{1b}[0m\u{1b}[1;39m:\u{1b}[0m", ":").trim().to_owned();
                seen.into_iter().map(|(rule, texts)| (rule, texts.into_iter().map(first).collect())).collect()
            };
            let mut found = plain_lines(seen(&wrapped, found));
            let mut expected = plain_lines(expected.clone());
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{place}");
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} texts were compared");
}

#[test]
fn every_document_of_a_text_is_linted() {
    let document = text(FAULTY);
    for wrapped in [
        format!("one\n```json\n{document}```\ntwo\n~~~\n{document}~~~\n"),
        format!("$ aws a\n{document}$ aws b\n{document}$ \n"),
        format!("INFO {}\nINFO {}\n", document.replace('\n', ""), document.replace('\n', "")),
        format!("$ cat a.json\n[{document},{document}]\n"),
    ] {
        let checked = Linter::new().lint("-", &wrapped);
        let rules: Vec<(usize, &str)> =
            checked.findings().iter().map(|finding| (finding.document(), finding.rule().name)).collect();
        assert_eq!(rules, [(0, "syntax"), (0, "placement-exclusive"), (1, "placement-exclusive")], "{wrapped}");
    }
}

#[test]
fn what_is_broken_in_a_wrapping_is_reported_as_well() {
    let document = text(FAULTY);
    let cut = &document[..document.len() / 2];
    for wrapped in [format!("```\n{cut}\n```\n\n```\n{document}```\n"), format!("$ aws a\n{cut}\n$ aws b\n{document}")]
    {
        let checked = Linter::new().lint("-", &wrapped);
        let rules: Vec<&str> = checked.findings().iter().map(|finding| finding.rule().name).collect();
        assert_eq!(rules, ["syntax", "syntax", "placement-exclusive"], "{wrapped}");
    }
}

#[test]
fn fixes_leave_what_stands_beside_the_json_as_it_is() {
    let folder = Scratch::new("wrapped/fixes");
    let document =
        "{\n  \"requestId\": \"a\",\n  \"image\": {\n    \"Name\": \"one\",\n    \"platform\": \"linux\"\n  }\n}";
    let fixed = document.replace("\"Name\"", "\"name\"");
    for ((name, wrapped), (_, expected)) in wrappings(document).into_iter().zip(wrappings(&fixed)) {
        folder.write("a.json", &wrapped);
        folder.run(&["--fix", "-q", "a.json"]);
        assert_eq!(folder.read("a.json"), expected, "{name}");
    }
}

/// What stands between the tokens of a member that is to be removed would be removed with it.
#[test]
fn fixes_that_would_change_what_stands_beside_the_json_are_withheld() {
    let linter = Linter::new();
    let count = |findings: &[Finding]| findings.iter().filter(|finding| finding.fix().is_some()).count();
    let mut withheld = 0;
    for fixture in fixtures("corpus/invalid") {
        let Ok(document) = std::fs::read_to_string(&fixture) else { continue };
        let plain = count(linter.lint("-", &document).findings());
        if plain == 0 || !document.starts_with('{') {
            continue;
        }
        for (name, wrapped) in wrappings(&document) {
            let checked = linter.lint("-", &wrapped);
            let edits = checked.findings().iter().filter_map(Finding::fix).flat_map(|fix| &fix.edits);
            let removed = |text: &str| ["> ", "│", "\u{1b}", "Z "].iter().any(|sign| text.contains(sign));
            let is_wrapped = checked.findings().iter().any(is_wrapping);
            for edit in edits.filter(|_| is_wrapped) {
                let interleaved = ["colours", "quotes", "numbers"].contains(&name);
                assert!(!interleaved || !removed(&wrapped[edit.range()]), "{edit:?} in {wrapped}");
            }
            withheld += plain.saturating_sub(count(checked.findings()));
        }
    }
    assert!(withheld > 0, "no fix was withheld");
}

#[test]
fn json_with_other_quotes_is_linted_where_it_stands() {
    let document = text(FAULTY);
    let plain = Linter::new().lint("-", &document);
    let lines = |findings: &[Finding]| -> Vec<(&'static str, String, usize)> {
        let place = |finding: &Finding| (finding.location().pointer().to_owned(), finding.location().start().line);
        findings.iter().map(|finding| (finding.rule().name, place(finding).0, place(finding).1)).collect()
    };
    let expected = lines(plain.findings());
    for (what, quote) in [("are HTML entities", "&quot;"), ("are HTML entities", "&#34;"), ("are escaped", "\\\"")] {
        let written = document.replace('"', quote);
        let checked = Linter::new().lint("-", &written);
        let (syntax, inner) = checked.findings().split_first().expect("a finding of the quotes");
        assert!(syntax.message().contains(what), "{}", syntax.message());
        assert_eq!(lines(inner), expected, "{written}");
    }
}

#[test]
fn json_lines_with_something_beside_each_document_have_one_finding_of_it() {
    let folder = Scratch::new("wrapped/lines");
    // Padding, which is cheap to lint, makes most of them.
    let padding = format!("{{\"ResponseMetadata\": {{\"HTTPHeaders\": {{\"x\": \"{}\"}}}},", "x".repeat(50_000));
    let document = text(FAULTY).replace('\n', "").replacen('{', &padding, 1);
    let doubled = document.replace('"', "\"\"");
    let ways: [(&str, &dyn Fn(usize) -> String); 11] = [
        ("numbered.jsonl", &|number| format!("{}: {document}", number + 1)),
        ("logged.ndjson", &|_| format!("2024-05-03T10:15:30Z INFO got {document}")),
        ("quoted.jsonl", &|_| format!("'{document}'")),
        ("quoted-with-commas.jsonl", &|_| format!(" '{document}',")),
        ("tabs.jsonl", &|number| format!("id{number}\t{document}")),
        ("tabs-behind.jsonl", &|number| format!("{document}\tid{number}")),
        ("commas.jsonl", &|_| format!("{document},")),
        ("table.csv", &|number| {
            if number == 0 { "id,response".to_owned() } else { format!("{number},\"{doubled}\",x") }
        }),
        ("table.jsonl", &|number| {
            if number == 0 { "response;id".to_owned() } else { format!("\"{doubled}\";{number}") }
        }),
        ("grep.txt", &|number| format!("fixtures/{number}.json:{document}")),
        ("labelled.jsonl", &|number| format!("build-{number} | {document}")),
    ];
    // More than is read at once, too.
    for count in [3, (3 << 20) / document.len()] {
        for (name, way) in ways {
            let first = usize::from(!name.starts_with("table"));
            let written: String = (first..=count).map(|number| way(number) + "\n").collect();
            folder.write(name, &written);
            let report = folder.run(&["--format", "concise", "-q", name]).stdout;
            let lines = |rule: &str| report.lines().filter(|line| line.contains(rule)).count();
            assert_eq!((lines("[syntax]"), lines("[placement-exclusive]")), (1, count), "{name}: {report:.2000}");
            assert!(report.contains(&format!("its {count} documents")), "{report:.2000}");
        }
    }
}

#[test]
fn escaped_quotes_in_csv_leave_the_places_of_values_as_they_are() {
    let document = r#"{"image": {"arn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1",
        "state": {"status": "FAILED", "reason": "the \"build\" failed: \\ é"}, "tags": {}, "platform": "linux"}}"#;
    let written = format!("id,response\n1,\"{}\"\n", document.replace('"', "\"\""));
    let checked = Linter::new().lint("-", &written);
    let platform = checked.findings().iter().find(|finding| finding.rule().name == "enum-value").expect("a finding");
    assert!(written[platform.location().start().offset..].starts_with("\"linux\"\"}"), "{platform:?}");
    assert_eq!(platform.location().pointer(), "/image/platform");
}

#[test]
fn commas_between_documents_can_be_removed() {
    let folder = Scratch::new("wrapped/commas");
    let document = text("corpus/valid/base/linux-ami.json");
    folder.write("a.json", format!("{document},\n{document},\n{document}"));
    folder.run(&["--fix", "-q", "a.json"]);
    assert_eq!(folder.read("a.json"), format!("{document}\n{document}\n{document}"));
}

/// A broken document may have many lines that look like documents with something around them.
#[test]
fn lines_of_one_broken_document_are_no_documents() {
    let amis: String = (1..9).map(|number| format!("    {{\"region\": \"us-east-{number}\"}},\n")).collect();
    for written in [
        format!("{{\"image\": {{\"outputResources\": {{\"amis\": [\n{amis}"),
        format!("{amis}    {{\"region\": \"eu-west-1\"}}\n  ]}}\n}}\n"),
        format!("{{\n{}}}\n", amis.replace("    ", "    \"a\": ").replace("},", "}")),
    ] {
        let checked = Linter::new().lint("-", &written);
        let messages: Vec<_> = checked.findings().iter().map(Finding::message).collect();
        assert!(!messages.iter().any(|message| message.contains(" documents")), "{written}{messages:?}");
    }
}
