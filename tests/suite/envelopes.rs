//! The law of envelopes: a document in any envelope brings the findings that it brings alone, at the same places.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use imagelint::{Finding, Linter};
use serde_json::{Value, json};

use crate::common::{fixtures, rule_of};

/// Something that tools wrap around a document.
struct Envelope {
    name: &'static str,
    wrap: fn(&Value) -> Value,
    /// Where the document is.
    pointer: &'static str,
    /// Where the document is in the text there.
    inside: &'static str,
    /// Whether the document is a text there.
    is_text: bool,
    /// Whether what bears no mark of Image Builder is passed over in it.
    needs_mark: bool,
}

const BASE: Envelope =
    Envelope { name: "", wrap: Value::clone, pointer: "", inside: "", is_text: true, needs_mark: false };

/// The topic that a document says it is sent to, or another one.
fn topic(inner: &Value) -> &Value {
    static OTHER: LazyLock<Value> = LazyLock::new(|| json!("arn:aws:sns:us-west-2:123456789012:image-builds"));
    inner.pointer("/infrastructureConfiguration/snsTopicArn").unwrap_or(&OTHER)
}

static ENVELOPES: &[Envelope] = &[
    Envelope { name: "a JSON string", wrap: |inner| json!(inner.to_string()), ..BASE },
    Envelope {
        name: "response",
        wrap: |inner| json!({"response": inner}),
        pointer: "/response",
        is_text: false,
        ..BASE
    },
    Envelope {
        name: "Payload",
        wrap: |inner| json!({"ExecutedVersion": "$LATEST", "StatusCode": 200, "Payload": inner}),
        pointer: "/Payload",
        is_text: false,
        ..BASE
    },
    Envelope { name: "output", wrap: |inner| json!({"output": inner.to_string()}), pointer: "/output", ..BASE },
    Envelope {
        name: "body",
        wrap: |inner| json!({"statusCode": 200, "headers": {}, "body": inner.to_string()}),
        pointer: "/body",
        ..BASE
    },
    Envelope {
        name: "body in base64",
        wrap: |inner| json!({"statusCode": 200, "isBase64Encoded": true, "body": base64(inner)}),
        pointer: "/body",
        ..BASE
    },
    Envelope {
        name: "placebo",
        wrap: |inner| json!({"status_code": 200, "data": inner}),
        pointer: "/data",
        is_text: false,
        ..BASE
    },
    Envelope {
        name: "VCR",
        wrap: |inner| json!({"interactions": [{"request": {}, "response": {"body": {"string": inner.to_string()}}}]}),
        pointer: "/interactions/0/response/body/string",
        ..BASE
    },
    Envelope {
        name: "VCR for Ruby",
        wrap: |inner| json!({"http_interactions": [{"response": {"body": {"string": inner.to_string()}}}]}),
        pointer: "/http_interactions/0/response/body/string",
        ..BASE
    },
    Envelope {
        name: "VCR for Ruby in base64",
        wrap: |inner| json!({"http_interactions": [{"response": {"body": {"base64_string": base64(inner)}}}]}),
        pointer: "/http_interactions/0/response/body/base64_string",
        ..BASE
    },
    Envelope {
        name: "HAR",
        wrap: |inner| json!({"log": {"entries": [{"response": {"content": {"text": inner.to_string()}}}]}}),
        pointer: "/log/entries/0/response/content/text",
        ..BASE
    },
    Envelope {
        name: "WireMock",
        wrap: |inner| json!({"request": {}, "response": {"status": 200, "jsonBody": inner}}),
        pointer: "/response/jsonBody",
        is_text: false,
        ..BASE
    },
    Envelope {
        name: "WireMock in base64",
        wrap: |inner| json!({"mappings": [{"request": {}, "response": {"base64Body": base64(inner)}}]}),
        pointer: "/mappings/0/response/base64Body",
        ..BASE
    },
    Envelope {
        name: "nock",
        wrap: |inner| json!({"scope": "https://example.org:443", "method": "GET", "path": "/a", "response": inner}),
        pointer: "/response",
        is_text: false,
        ..BASE
    },
    Envelope {
        name: "an event of SQS",
        wrap: |inner| json!({"Records": [{"eventSource": "aws:sqs", "body": inner.to_string()}]}),
        pointer: "/Records/0/body",
        ..BASE
    },
    Envelope {
        name: "messages of SQS",
        wrap: |inner| json!({"Messages": [{"MessageId": "a", "ReceiptHandle": "b", "Body": inner.to_string()}]}),
        pointer: "/Messages/0/Body",
        ..BASE
    },
    Envelope {
        name: "a log",
        wrap: |inner| json!({"events": [{"timestamp": 1_788_414_261_121_u64, "message": inner.to_string()}]}),
        pointer: "/events/0/message",
        needs_mark: true,
        ..BASE
    },
    Envelope {
        name: "an execution of a state machine",
        wrap: |inner| json!({"executionArn": "a", "stateMachineArn": "b", "output": inner.to_string()}),
        pointer: "/output",
        needs_mark: true,
        ..BASE
    },
    Envelope {
        name: "an SNS notification",
        wrap: |inner| json!({"Type": "Notification", "TopicArn": topic(inner), "Message": inner.to_string()}),
        pointer: "/Message",
        ..BASE
    },
    Envelope {
        name: "an event of SNS",
        wrap: |inner| json!({"Records": [{"Sns": {"TopicArn": topic(inner), "Message": inner.to_string()}}]}),
        pointer: "/Records/0/Sns/Message",
        ..BASE
    },
    Envelope {
        name: "events looked up in CloudTrail",
        wrap: |inner| json!({"Events": [{"EventName": "GetImage", "CloudTrailEvent": record(inner).to_string()}]}),
        pointer: "/Events/0/CloudTrailEvent",
        inside: "/responseElements",
        ..BASE
    },
    Envelope { name: "CloudTrail", wrap: record, pointer: "/responseElements", is_text: false, ..BASE },
    Envelope {
        name: "a log file of CloudTrail",
        wrap: |inner| json!({"Records": [record(inner)]}),
        pointer: "/Records/0/responseElements",
        is_text: false,
        ..BASE
    },
    Envelope {
        name: "an event of EventBridge from CloudTrail",
        wrap: |inner| json!({"detail-type": "AWS API Call via CloudTrail", "detail": record(inner)}),
        pointer: "/detail/responseElements",
        is_text: false,
        ..BASE
    },
];

fn base64(inner: &Value) -> String {
    BASE64_STANDARD.encode(inner.to_string())
}

fn record(inner: &Value) -> Value {
    json!({"eventSource": "imagebuilder.amazonaws.com", "eventName": "GetImage", "responseElements": inner})
}

/// Rules, levels and places of findings; in an envelope, the places in the document in it. What is in base64 is shown
/// as a whole: there the first place stands for all.
fn signature(findings: &[Finding], envelope: Option<&Envelope>, is_base64: bool) -> Vec<String> {
    let place = |finding: &Finding| -> Vec<String> {
        let places = finding.labels().map(|label| (label.location().pointer(), label.location().embedded_pointer()));
        let inside = places.map(|(pointer, embedded)| match (envelope, embedded) {
            (None, None) => pointer.to_owned(),
            (Some(envelope), Some(embedded)) if envelope.is_text && pointer == envelope.pointer => {
                embedded.strip_prefix(envelope.inside).map_or_else(|| format!("outside: {embedded}"), str::to_owned)
            }
            (Some(envelope), None) if !envelope.is_text => match pointer.strip_prefix(envelope.pointer) {
                Some(inside) => inside.to_owned(),
                None => format!("outside: {pointer}"),
            },
            _ => format!("{pointer} >> {embedded:?}"),
        });
        inside.take(if is_base64 { 1 } else { usize::MAX }).collect()
    };
    let line =
        |finding: &Finding| format!("{}[{}] {}", finding.level().name(), finding.rule().name, place(finding).join(" "));
    let mut lines: Vec<String> = findings.iter().map(line).collect();
    lines.sort();
    lines
}

/// What is found in no such envelope: rules, envelopes, and why.
const INEXPRESSIBLE: &[(&str, &[&str], &str)] = &[];

#[test]
fn every_envelope_brings_the_same_findings_at_the_same_places() {
    let linter = Linter::new();
    let mut rules = BTreeSet::new();
    let mut compared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differing = Vec::new();
    for (index, fixture) in fixtures("corpus/valid/base").into_iter().chain(fixtures("corpus/invalid")).enumerate() {
        let rule = rule_of(&fixture).to_owned();
        let text = fs::read_to_string(&fixture).unwrap_or_default();
        let Ok(document) = serde_json::from_str::<Value>(&text) else { continue };
        let text = document.to_string();
        let plain = linter.lint("-", &text);
        let expected = [false, true].map(|is_base64| signature(plain.findings(), None, is_base64));
        let is_envelope = expected[0].iter().any(|line| line.contains(">>"));
        if plain.kinds().len() != 1 || !document.is_object() || is_envelope {
            continue;
        }
        // Of each rule, the first case is put into all envelopes; they take turns with the others.
        let is_first = rule == "base" || rules.insert(rule.clone());
        for (position, envelope) in ENVELOPES.iter().enumerate() {
            let excepted = |(of, names, _): &(&str, &[&str], &str)| *of == rule && names.contains(&envelope.name);
            let is_told = text.contains(":imagebuilder:") || !envelope.needs_mark;
            if !is_first && position % 7 != index % 7 || !is_told || INEXPRESSIBLE.iter().any(excepted) {
                continue;
            }
            let wrapped = (envelope.wrap)(&document).to_string();
            let is_base64 = envelope.name.contains("base64");
            let expected = &expected[usize::from(is_base64)];
            let found = signature(linter.lint("-", &wrapped).findings(), Some(envelope), is_base64);
            *compared.entry(envelope.name).or_default() += 1;
            if *expected != found {
                let (name, fixture) = (envelope.name, fixture.display());
                differing.push(format!("{fixture} in {name}: {expected:#?}, but {found:#?}"));
            }
        }
    }
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
    assert!(compared.len() == ENVELOPES.len() && compared.values().all(|count| *count > 100), "{compared:?}");
}
