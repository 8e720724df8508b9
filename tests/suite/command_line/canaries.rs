//! Secrets of every kind, in every spelling and every surrounding, never come out: a canary stands in each.

use std::fs;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imagelint::{Format, Linter};

use crate::common::{Scratch, feed};
use crate::mutated::laws::{CANARY, betrays};

/// Texts with a secret, `@@` in the place of it. Those of URLs can be percent-encoded, too.
const TEXTS: [&str; 26] = [
    "GET https://b.s3.amazonaws.com/k?X-Amz-Credential=@@%2F2026&X-Amz-Signature=@@&X-Amz-Security-Token=@@ failed",
    "GET HTTPS://B.S3.AMAZONAWS.COM/K?X-Amz-Expires=60&X-AMZ-SIGNATURE=@@ failed",
    "GET /k?X-Amz-Signature=@@&x=1 failed",
    "https://b.s3.amazonaws.com/a b\\c?X-Amz-Algorithm=AWS4&X-Amz-Credential=AKIA&X-Amz-Signature=@@",
    "b.s3.amazonaws.com/k?AWSAccessKeyId=AKIA&Expires=1&Signature=@@",
    "https://d1.cloudfront.net/k?Policy=@@&Signature=@@&Key-Pair-Id=@@",
    "https://storage.googleapis.com/b/k?X-Goog-Credential=@@&X-Goog-Signature=@@",
    "https://w.blob.core.windows.net/b/k?sv=2024&se=2026&sp=r&sig=@@",
    "clone of https://build:@@@git.example.com/web failed",
    "HTTPS://build:@@@git.example.com",
    "postgres://web:a/@@@db.example.com:5432/web",
    "AKIAQ3EGRT5VX2N7MWLK:@@p9sXw4Zt1Lm8Rb3Nc6Yd5Jf0Gu+A is refused",
    "password=@@",
    "sign in with password: @@ failed",
    "DB_PWD='@@ @@' pw=@@; AccessKey: @@",
    "FROM web\nARG AUTH_TOKEN=@@\nENV DB_PASSWORD @@\nENV A=1 LICENSE_KEY=@@\n",
    "#!/bin/sh\nexport PASSPHRASE=\"@@ @@\"\nmysql --password @@\n",
    "#cloud-config\npassword: @@ @@\nuser: web\n",
    "<powershell>\n$s = ConvertTo-SecureString \"@@\" -AsPlainText\n</powershell>",
    "<AdministratorPassword><Value>@@ @@</Value></AdministratorPassword>",
    "echo 'root:@@' | chpasswd",
    "curl -u build:@@ https://example.com",
    "Authorization: Bearer @@",
    "Server=db;User=web;Password=@@;Timeout=3",
    "{\"DbPassword\": \"@@\", \"name\": \"AuthKey\", \"value\": [\"@@\"]}",
    "-----BEGIN RSA PRIVATE KEY-----\nMII@@\n@@\n-----END RSA PRIVATE KEY-----\n",
];

/// Members of tags, and of what has a name and a value.
const MEMBERS: [&str; 12] = [
    "\"tags\": {\"DbPassword\": \"@@\\\"@@\"}",
    "\"tags\": {\"pw\": \"@@\", \"DB_PWD\": \"a, @@\"}",
    "\"tags\": {\"passphrase\": \"@@ @@\"}",
    "\"tags\": {\"AccessKey\": \"@@\", \"AuthKey\": \"@@\", \"LicenseKey\": \"@@\"}",
    "\"tags\": [{\"Key\": \"Secret\", \"Value\": \"@@\"}]",
    "\"tags\": [{\"Value\": \"@@\", \"Key\": \"api-key\"}]",
    "\"parameters\": [{\"name\": \"DbPassword\", \"value\": [\"@@\", \"@@\"]}]",
    "\"parameters\": [{\"value\": [\"@@\"], \"name\": \"Token\"}]",
    "\"parameters\": [{\"name\": \"DbPassword\", \"value\" [\"@@\"]}]",
    "\"parameters\": [{\"name\": \"DbPassword\", \"value\": \"@@]}]",
    "\"dbPassword\": [[\"@@\"]]",
    "\"dbPassword\" \"@@\"",
];

/// A text as a JSON string, with what is not of the alphabet written in one of several ways.
fn string(text: &str, spelling: usize) -> String {
    let json = serde_json::Value::from(text).to_string();
    let escaped = |marks: &str, escape: &dyn Fn(char) -> String| {
        json.chars().map(|char| if marks.contains(char) { escape(char) } else { char.to_string() }).collect()
    };
    match spelling {
        0 => json,
        1 => escaped("=?/:&-@<>'", &|char| format!("\\u{:04x}", u32::from(char))),
        2 => json.replace('/', "\\/"),
        3 => escaped("=&'<>", &|char| format!("\\u{:04X}", u32::from(char))),
        4 => escaped("=?/:&-@", &|char| format!("%{:02X}", u32::from(char))),
        5 => escaped("=?/:&-@", &|char| format!("%25{:02x}", u32::from(char))),
        _ => json.replace('&', "&amp;"),
    }
}

/// The bodies of images with a secret of each kind.
fn bodies() -> Vec<Vec<String>> {
    let mut kinds = Vec::new();
    for text in TEXTS {
        let is_url = text.contains('?');
        let mut bodies = Vec::new();
        for spelling in (0..7).filter(|spelling| is_url || !(4..=5).contains(spelling)) {
            let string = string(text, spelling);
            bodies.push(format!("\"state\": {{\"status\": \"BUILDNG\",\n\"reason\": {string}}}"));
        }
        let string = string(text, 0);
        bodies.push(format!("\"platform\": {string}, \"state\": {{\"status\": \"BUILDNG\"}}"));
        let base64 = STANDARD.encode(text.replace("@@", CANARY));
        bodies.push(format!("\"state\": {{\"status\": \"{base64}\"}}"));
        kinds.push(bodies);
    }
    kinds.extend(MEMBERS.map(|member| vec![format!("{member},\n\"state\": {{\"status\": \"BUILDNG\"}}")]));
    kinds.into_iter().map(|bodies| bodies.into_iter().map(|body| body.replace("@@", CANARY)).collect()).collect()
}

/// A body in documents: whole, broken in several ways, in a line, in a string, in base64, beside others.
fn documents(body: &str) -> Vec<Vec<u8>> {
    let arn = "\"arn\": \"arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1\"";
    let whole = format!("{{\"image\": {{{arn},\n{body}}}}}");
    let line = whole.replace('\n', " ");
    let inner = serde_json::Value::from(whole.as_str());
    let twice = serde_json::Value::from(inner.to_string());
    let encoded = STANDARD.encode(&whole);
    let mut documents: Vec<Vec<u8>> = [
        whole.clone(),
        format!("{{\"image\": {{{arn} {body}}}}}"),
        format!("{{\"image\": {{{body}, {arn}"),
        whole.trim_end_matches(['}', '"']).to_owned(),
        format!("{{\"image\": {{{arn}}}}}\n{line}\n{}\n{{\"image\": \n", &line[..line.len() - 3]),
        format!("[{{\"image\": {{{arn}, \"state\": {{\"status\": \"BUILDNG\"}}}}}},\n{whole}]"),
        format!("{{\"Type\": \"Notification\", \"Message\": {inner}, \"TopicArn\": 1}}"),
        format!(
            "{{\"Records\": [{{\"body\": {twice}}}], \"image\": {{{arn}, \"state\": {{\"status\": \"BUILDNG\"}}}}}}"
        ),
        format!("{{\"image\": {{{arn}, \"tags\": {{\"body\": \"{encoded}\"}}, \"state\": {{\"status\": \"B\"}}}}}}"),
        format!("$ aws imagebuilder get-image\n{whole}\n"),
        format!("{{'image': {{{arn},\n{body}}}}}"),
    ]
    .map(String::into_bytes)
    .into();
    documents.push([whole.as_bytes(), b"\xff"].concat());
    documents.push([b"{\"image\": {\"a\": \"\xff\",", body.as_bytes()].concat());
    documents
}

/// The reports on the documents of some kinds that betray the canary.
fn betrayed(kinds: &[Vec<String>]) -> Vec<String> {
    let linter = Linter::new();
    let human = Format::named("human").expect("a format");
    let formats: Vec<Format> = Format::all().collect();
    let mut betrayed = Vec::new();
    for bodies in kinds {
        // Every surrounding and every format has its turn with each kind.
        let all: Vec<Vec<u8>> = bodies.iter().flat_map(|body| documents(body)).collect();
        for (index, other) in (0..26.max(formats.len())).zip(formats.iter().cycle()) {
            let document = &all[index * 29 % all.len()];
            let checked = linter.lint("a.json", document);
            assert!(!checked.findings().is_empty(), "nothing is reported: {}", String::from_utf8_lossy(document));
            for format in [other, &human] {
                if betrays(&checked.report(*format)) {
                    betrayed.push(format!("{}: {}", format.name(), String::from_utf8_lossy(document)));
                }
            }
        }
    }
    betrayed
}

#[test]
fn no_report_has_a_secret() {
    let kinds = bodies();
    let betrayed: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = kinds.chunks(kinds.len() / 4).map(|some| scope.spawn(move || betrayed(some))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread without a panic")).collect()
    });
    assert!(
        betrayed.is_empty(),
        "{} betrayed, such as\n{}",
        betrayed.len(),
        betrayed[..betrayed.len().min(20)].join("\n")
    );
}

/// A schema that finds every string too long, so that all of them are quoted.
const SCHEMA: &str = r##"{"$ref": "#/$defs/any", "$defs": {"any":
    {"maxLength": 0, "additionalProperties": {"$ref": "#/$defs/any"}, "items": {"$ref": "#/$defs/any"}}}}"##;

#[test]
fn neither_diffs_nor_baselines_nor_house_schemas_have_a_secret() {
    let scratch = Scratch::new("command_line/canaries");
    scratch
        .write("house.json", SCHEMA)
        .write("imagelint.toml", "[[house-schema]]\nfile = \"house.json\"\nkinds = [\"get-image\"]\n");
    // What can be fixed stands near to the secret.
    let fixable = "\"Platform\": \"linux\",\n";
    for (number, bodies) in bodies().iter().enumerate() {
        let documents = documents(&format!("{fixable}{}", bodies[number % bodies.len()]));
        for (index, document) in documents.iter().enumerate().skip(number % 4).step_by(4) {
            scratch.write(format!("{number}-{index}.json{}", if index == 4 { "l" } else { "" }), document);
        }
    }
    for arguments in [
        &["--format", "human", "."][..],
        &["--format", "sarif", "."],
        &["--diff", "."],
        &["--diff", "--unsafe-fixes", "."],
        &["--write-baseline", "."],
        &["--fix", "--format", "json", "."],
    ] {
        let ran = scratch.run(arguments);
        for text in [&ran.stdout, &ran.stderr] {
            let line = text.lines().find(|line| betrays(line));
            assert!(line.is_none(), "{arguments:?}: {}", line.unwrap_or_default());
        }
        assert!(ran.stdout.len() + ran.stderr.len() > 80, "{arguments:?}: {ran:?}");
    }
    let baseline = fs::read_to_string(scratch.join("imagelint-baseline.json")).expect("a baseline");
    assert!(!betrays(&baseline));
}

#[test]
fn settings_are_shown_without_their_secrets() {
    let scratch = Scratch::new("command_line/canaries-settings");
    scratch.write("imagelint.toml", format!("levls = {{}} # https://web:{CANARY}@example.com\n"));
    scratch.run(&["-"]).says("levls").is_silent_on(CANARY);
    feed(&["--only", "secret-stored", "-"], r#"{"image": {"state": {"status": "BUILDING"}, "tags": {"pw": "a1b2"}}}"#)
        .says("holds the value of `pw` in plain text");
}

#[test]
fn mistakes_in_settings_are_told_without_their_secrets() {
    let text = format!("fail-on = \"{CANARY}\" # DbPassword = \"{CANARY}\"\n");
    let mistakes = imagelint::Settings::parse("imagelint.toml", &text).expect_err("no level has this name");
    let told = mistakes.to_string();
    assert!(told.contains("there is no level `***`") && !told.contains(CANARY), "{told}");
}
