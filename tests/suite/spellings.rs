//! The law of spellings: a capture written down by any client brings the findings that it brings in the API's
//! spelling, at the same places.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use imagelint::{Checked, Finding, Linter, Settings};
use serde_json::{Map, Value, json};

use crate::common::{self, Scratch, fixtures, path, rule_of};

/// How a client writes a response down.
struct Client {
    name: &'static str,
    /// A name of a member in the client's style.
    names: fn(&str) -> String,
    /// Whether enum values are objects.
    is_wrapped: bool,
    /// What is written for an absent member of such a shape.
    absent: Option<fn(&Value) -> Value>,
    /// A timestamp.
    date: fn(&Value) -> Value,
    /// What the client adds to a response, as JSON.
    added: &'static str,
    /// The schema of the responses that it writes.
    of: &'static Schema,
}

static CLIENTS: &[Client] = &[
    Client { name: "Step Functions", names: pascal, ..BASE },
    Client { name: "Go", names: pascal, absent: Some(go_absent), added: r#"{"ResultMetadata": {}}"#, ..BASE },
    Client { name: "PowerShell 7", names: pascal, is_wrapped: true, absent: Some(null), added: OF_DOT_NET, ..BASE },
    Client {
        name: "Windows PowerShell",
        names: pascal,
        is_wrapped: true,
        absent: Some(null),
        date: powershell_date,
        added: OF_DOT_NET,
        ..BASE
    },
    Client { name: ".NET 3", names: pascal, is_wrapped: true, absent: Some(zero), added: OF_DOT_NET, ..BASE },
    Client { name: "Ruby", names: snake, date: ruby_date, ..BASE },
    Client { name: "a table", names: snake, absent: Some(null), ..BASE },
    Client { name: "PHP", added: r#"{"@metadata": {"statusCode": 200, "headers": {}}}"#, ..BASE },
    Client { name: "JavaScript", added: r#"{"$metadata": {"httpStatusCode": 200, "attempts": 1}}"#, ..BASE },
    Client { name: "ParallelCluster's Python client", names: snake, absent: Some(null), of: &PARALLELCLUSTER, ..BASE },
];

const BASE: Client = Client {
    name: "",
    names: str::to_owned,
    is_wrapped: false,
    absent: None,
    date: Value::clone,
    added: "{}",
    of: &IMAGE_BUILDER,
};

const OF_DOT_NET: &str = r#"{
    "ResponseMetadata": {"RequestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "Metadata": {}, "ChecksumAlgorithm": 0, "ChecksumValidationStatus": 0},
    "ContentLength": 5321,
    "HttpStatusCode": 200
}"#;

fn pascal(name: &str) -> String {
    name[..1].to_uppercase() + &name[1..]
}

fn snake(name: &str) -> String {
    let word = |char: char| match char.to_ascii_lowercase() {
        lower if lower == char => char.to_string(),
        lower => format!("_{lower}"),
    };
    name.chars().map(word).collect()
}

fn null(_: &Value) -> Value {
    Value::Null
}

fn go_absent(shape: &Value) -> Value {
    if shape.get("enum").is_some() { json!("") } else { Value::Null }
}

/// What .NET 3 writes. Its `false` is left out: the service sends that, too.
fn zero(shape: &Value) -> Value {
    match shape["type"].as_str() {
        Some("integer" | "number") => json!(0),
        Some("array") => json!([]),
        None => json!("0001-01-01T00:00:00"),
        _ => Value::Null,
    }
}

fn powershell_date(date: &Value) -> Value {
    date.as_f64().map_or(date.clone(), |seconds| json!(format!("/Date({})/", (seconds * 1000.0).round())))
}

fn ruby_date(date: &Value) -> Value {
    let text = date.as_str().and_then(|text| text.strip_suffix('Z')).filter(|text| text.len() == 19);
    text.map_or(date.clone(), |text| json!(format!("{} UTC", text.replace('T', " "))))
}

/// The shapes of a service.
struct Schema {
    shapes: LazyLock<Value>,
    /// Whether a client of the service writes documents of a kind.
    has: fn(&str) -> bool,
}

static IMAGE_BUILDER: Schema = Schema {
    shapes: LazyLock::new(|| shapes("imagebuilder.json")),
    has: |kind| !["pcluster", "sns", "event", "error", "cloudtrail"].iter().any(|others| kind.starts_with(others)),
};
static PARALLELCLUSTER: Schema =
    Schema { shapes: LazyLock::new(|| shapes("pcluster.json")), has: |kind| kind.starts_with("pcluster") };

fn shapes(file: &str) -> Value {
    common::json(&common::text(&format!("schemas/{file}")))["$defs"].clone()
}

impl Schema {
    /// The shape that a reference names, or the shape that stands in its place.
    fn resolve<'s>(&'s self, shape: &'s Value) -> &'s Value {
        let name = shape["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/"));
        name.map_or(shape, |name| &self.shapes[name])
    }

    /// The structure that a document has most members of, of several that with the fewest other members; none if
    /// something is around the response.
    fn root(&self, document: &Value) -> Option<&Value> {
        let keys = document.as_object()?;
        let known = |shape: &Value| keys.keys().filter(|name| shape["properties"].get(name.as_str()).is_some()).count();
        let is_candidate = |shape: &&Value| {
            2 * known(shape) > keys.len() || (known(shape) > 0 && keys.contains_key("ResponseMetadata"))
        };
        let others = |shape: &Value| shape["properties"].as_object().map_or(0, Map::len);
        let candidates = self.shapes.as_object()?.values().filter(is_candidate);
        candidates.max_by_key(|shape| (self.members_known(shape, document), usize::MAX - others(shape)))
    }

    fn members_known(&self, shape: &Value, value: &Value) -> usize {
        let known = |(name, inner): (&String, &Value)| {
            let shape = shape["properties"].get(name).or(shape_of_entries(shape))?;
            Some(1 + self.members_known(self.resolve(shape), inner))
        };
        match value {
            Value::Object(members) => members.iter().filter_map(known).sum(),
            Value::Array(items) => {
                let item = self.resolve(&shape["items"]);
                items.iter().map(|inner| self.members_known(item, inner)).sum()
            }
            _ => 0,
        }
    }
}

/// A document in a client's spelling, and for each of its pointers the one in the API's spelling.
struct Spelt {
    document: Value,
    pointers: BTreeMap<String, String>,
}

impl Client {
    /// A response of a kind as the client writes it; none if it is no response, or its spelling does not show.
    fn write(&self, response: &Value, kind: &str) -> Option<Spelt> {
        if !(self.of.has)(kind) || response.get("$metadata").is_some() || !self.shows(response) {
            return None;
        }
        let root = self.of.root(response)?;
        let mut pointers = BTreeMap::new();
        let mut document = self.value(response, root, ("", ""), &mut pointers);
        let added: Map<String, Value> = serde_json::from_str(self.added).expect("an object");
        document.as_object_mut()?.extend(added);
        Some(Spelt { document, pointers })
    }

    /// Whether the style of its names shows in a document: most names of one word are the same in snake_case.
    fn shows(&self, document: &Value) -> bool {
        fn names<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
            match value {
                Value::Object(members) => members.iter().for_each(|(name, inner)| {
                    found.insert(name);
                    names(inner, found);
                }),
                Value::Array(items) => items.iter().for_each(|item| names(item, found)),
                _ => {}
            }
        }
        let mut found = BTreeSet::new();
        names(document, &mut found);
        (self.names)("arn") != "arn"
            || self.added != "{}"
            || found.iter().filter(|name| (self.names)(name) != **name).count() > 1
    }

    fn value(
        &self,
        value: &Value,
        shape: &Value,
        (own, api): (&str, &str),
        pointers: &mut BTreeMap<String, String>,
    ) -> Value {
        pointers.insert(own.to_owned(), api.to_owned());
        let properties = shape["properties"].as_object();
        match value {
            Value::Object(members) => {
                let mut written = Map::new();
                for (name, inner) in members {
                    let key = if properties.is_some() { (self.names)(name) } else { name.clone() };
                    let known = properties.and_then(|known| known.get(name)).or(shape_of_entries(shape));
                    let known = known.map_or(&Value::Null, |shape| self.of.resolve(shape));
                    let places = (format!("{own}/{}", escaped(&key)), format!("{api}/{}", escaped(name)));
                    written.insert(key, self.value(inner, known, (&places.0, &places.1), pointers));
                }
                for (name, shape) in properties.into_iter().flatten().filter(|(name, _)| !members.contains_key(*name)) {
                    let absent = self.absent.map(|absent| absent(self.of.resolve(shape)));
                    written.extend(absent.map(|absent| ((self.names)(name), absent)));
                }
                Value::Object(written)
            }
            Value::Array(items) => {
                let item = self.of.resolve(&shape["items"]);
                let mut write = |(index, inner): (usize, &Value)| {
                    self.value(inner, item, (&format!("{own}/{index}"), &format!("{api}/{index}")), pointers)
                };
                items.iter().enumerate().map(&mut write).collect()
            }
            Value::String(_) if self.is_wrapped && shape.get("enum").is_some() => {
                pointers.insert(format!("{own}/Value"), api.to_owned());
                json!({"Value": value})
            }
            _ if shape["type"] == json!(["number", "string"]) => (self.date)(value),
            _ => value.clone(),
        }
    }
}

fn shape_of_entries(shape: &Value) -> Option<&Value> {
    shape.get("additionalProperties").filter(|shape| shape.is_object())
}

fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// What tells findings apart: rules, levels and places, in the API's spelling.
fn signature(findings: &[Finding], pointers: Option<&BTreeMap<String, String>>) -> Vec<String> {
    let pointer = |pointer: &str| match pointers {
        Some(pointers) => pointers.get(pointer).cloned().unwrap_or(format!("unknown: {pointer}")),
        None => pointer.to_owned(),
    };
    let line = |finding: &Finding| {
        let places: Vec<String> = finding.labels().map(|label| pointer(label.location().pointer())).collect();
        let inside = finding.location().embedded_pointer().unwrap_or_default();
        format!("{}[{}] {}{inside}", finding.level().name(), finding.rule().name, places.join(" "))
    };
    let of_spelling = |finding: &&Finding| pointers.is_none() || finding.rule().name != "sdk-dump";
    let mut lines: Vec<String> = findings.iter().filter(of_spelling).map(line).collect();
    lines.sort();
    lines
}

/// Settings under which the cases of a rule are compared.
fn settings(rule: &str) -> Settings {
    let known = imagelint::rules().find(|known| known.name == rule && known.pedantic);
    let levels =
        known.map_or(String::new(), |rule| format!("[levels]\n{rule} = \"{}\"", rule.level.name(), rule = rule.name));
    Settings::parse("imagelint.toml", &levels).expect("the settings are good")
}

/// What a spelling cannot express: cases, the clients, and why their findings differ.
const INEXPRESSIBLE: &[(&str, &[&str], &str)] = &[
    ("sdk-dump", ALL, "they are in another spelling already"),
    ("member-name-case/among-pascal-case", ALL, "it is in another spelling already"),
    ("arn-segment/service-misspelt", ALL, "its ARN alone tells what it is, so that the absent members are not known"),
    ("null-member", ALL, "null stands for an absent member"),
    ("required-member/null", ALL, "so that the member is missing"),
    ("response-status", ALL, "boto3's own members"),
    ("response-request-id", ALL, "boto3's own members"),
    ("member-name-case/beside-the-real-one", PASCAL, "what is wrong in camelCase is right in PascalCase"),
    ("member-name-case/sdk-for-go-one-member", PASCAL, "what is wrong in camelCase is right in PascalCase"),
    ("member-name-case/state", ALL, "what is wrong in camelCase is right in PascalCase, and most names are plain"),
    ("member-name-case/acronym", SNAKE, "what is wrong in camelCase is right in snake_case"),
    ("member-name-case/acronym", &[".NET 3"], "the rest of the component is null"),
    ("member-name-case/pcluster-one-member", SNAKE, "what is wrong in camelCase is right in snake_case"),
    ("enum-value/newer-empty", &["Go"], "the empty string stands for an absent enum value"),
    ("container-encrypted-flag", DOT_NET, "`false` stands for an absent member, as the service never sends it here"),
    ("step-attempts/zero", DOT_NET, "0 stands for an absent member, as the service never sends it"),
    ("fast-launch-parallel/zero", DOT_NET, "0 stands for an absent member, as the service never sends it"),
    ("available-without-output", &[".NET 3"], "`[]` stands for an absent list"),
    ("component-none", &[".NET 3"], "`[]` stands for an absent list"),
    ("failure-context-distribution/while-testing-in-a-list", DOT_NET, "`[]` stands for an absent list"),
    ("subnet-without-security-group/absent", &[".NET 3"], "`[]` stands for an absent list"),
    ("step-count-pending", &[".NET 3"], "the service sends 0, too"),
    ("severity-counts/missing-counts", &[".NET 3"], "the service sends 0, too"),
    ("workflow-completed-failed-step", &[".NET 3"], "the service sends 0, too"),
    ("workflow-managed-known/stage", &[".NET 3"], "the service sends 0, too"),
    ("workflow-time-presence/failed-without-start", &[".NET 3"], "the service sends 0, too"),
    ("x-steps-counts", &[".NET 3"], "the service sends 0, too"),
    ("x-workflow-image", &[".NET 3"], "the service sends 0, too"),
];

const ALL: &[&str] = &[];
const DOT_NET: &[&str] = &["PowerShell 7", "Windows PowerShell", ".NET 3"];
const PASCAL: &[&str] = &["Step Functions", "Go", "PowerShell 7", "Windows PowerShell", ".NET 3"];
const SNAKE: &[&str] = &["Ruby", "a table", "ParallelCluster's Python client"];

/// Whether an execution of a document lacks a step counter, which .NET 3 writes as 0; the service sends 0, too.
fn lacks_counters(value: &Value) -> bool {
    const COUNTERS: [&str; 4] = ["totalStepCount", "totalStepsSucceeded", "totalStepsFailed", "totalStepsSkipped"];
    match value {
        Value::Object(members) => {
            let count = COUNTERS.iter().filter(|name| members.contains_key(**name)).count();
            (1..COUNTERS.len()).contains(&count) || members.values().any(lacks_counters)
        }
        Value::Array(items) => items.iter().any(lacks_counters),
        _ => false,
    }
}

fn is_inexpressible(case: &Case, client: &Client) -> bool {
    client.name == ".NET 3" && lacks_counters(&case.document) || is_listed(case, client)
}

fn is_listed(case: &Case, client: &Client) -> bool {
    INEXPRESSIBLE.iter().any(|(cases, clients, _)| {
        case.name.starts_with(cases) && (clients.is_empty() || clients.contains(&client.name))
    })
}

/// A document that somebody's client may have written.
struct Case {
    /// The rule that it is about, and its file.
    name: String,
    rule: String,
    document: Value,
}

/// The documents below a folder of the corpus that are JSON.
fn cases(folder: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for fixture in fixtures(folder) {
        let text = fs::read_to_string(&fixture).unwrap_or_default();
        if let Ok(document) = serde_json::from_str(&text) {
            let rule = rule_of(&fixture).to_owned();
            let name = fixture.strip_prefix(path("corpus")).expect("a fixture").components().skip(1);
            let name = name.collect::<PathBuf>().display().to_string();
            cases.push(Case { name, rule, document });
        }
    }
    cases
}

/// The kind of a document that is a single payload, and no request: clients refuse those in another spelling.
fn kind_of_response(checked: &Checked<'_>) -> Option<&'static str> {
    let [kind] = checked.kinds()[..] else { return None };
    (!["-request", "-option"].iter().any(|end| kind.ends_with(end))).then_some(kind)
}

#[test]
fn every_spelling_brings_the_same_findings_at_the_same_places() {
    let mut differing = Vec::new();
    let mut compared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rules = BTreeSet::new();
    let mut index = 0;
    for case in cases("corpus/valid/base").into_iter().chain(cases("corpus/invalid")) {
        let settings = settings(&case.rule);
        let linter = Linter::with_settings(&settings);
        let text = case.document.to_string();
        let plain = linter.lint("-", &text);
        // Other documents are envelopes around responses, or notifications of SNS.
        let Some(kind) = kind_of_response(&plain) else { continue };
        // Of each rule, all clients write the first case; they take turns with the others, which differ little.
        let is_first = case.rule == "base" || rules.insert(case.rule.clone());
        index += 1;
        let writes = |position: usize| is_first || position % 4 == index % 4;
        let expected = signature(plain.findings(), None);
        let clients = CLIENTS.iter().enumerate().filter(|(position, _)| writes(*position)).map(|(_, client)| client);
        for client in clients.filter(|client| !is_inexpressible(&case, client)) {
            let Some(Spelt { document, pointers }) = client.write(&case.document, kind) else { continue };
            let text = format!("{document:#}");
            let spelt = linter.lint("-", &text);
            let found = signature(spelt.findings(), Some(&pointers));
            *compared.entry(client.name).or_default() += 1;
            if expected != found || plain.kinds() != spelt.kinds() {
                let (name, client, kinds) = (case.name.as_str(), client.name, spelt.kinds());
                differing.push(format!("{name} by {client}: {kind} {expected:#?}, but {kinds:?} {found:#?}"));
            }
        }
    }
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
    assert_eq!(compared.len(), CLIENTS.len());
    assert!(compared.values().all(|count| *count > 20), "{compared:?}");
}

/// A capture that a client has written, in the API's spelling again.
#[test]
fn the_fix_of_a_dump_rewrites_it_in_the_spelling_of_the_api() {
    let mut fixed = 0;
    for case in cases("corpus/valid/base") {
        let text = case.document.to_string();
        let linter = Linter::new();
        let Some(kind) = kind_of_response(&linter.lint("-", &text)) else { continue };
        // .NET 3 does not tell absent lists from empty ones, and dates have several forms.
        let is_exact = |client: &&Client| ![".NET 3", "Windows PowerShell", "Ruby"].contains(&client.name);
        for client in CLIENTS.iter().filter(is_exact) {
            let Some(spelt) = client.write(&case.document, kind) else { continue };
            for text in [spelt.document.to_string(), format!("{:#}", spelt.document)] {
                let checked = linter.lint("-", &text);
                let dump = checked.findings().iter().find(|finding| finding.rule().name == "sdk-dump");
                let dump = dump.unwrap_or_else(|| panic!("{} by {} is no dump", case.name, client.name));
                let restored = dump.fix().expect("a fix").apply(&text);
                assert_eq!(common::json(&restored), case.document, "{} by {}", case.name, client.name);
                fixed += 1;
            }
        }
    }
    assert!(fixed > 100, "only {fixed} captures");
}

#[test]
fn captures_of_clients_are_met_in_folders() {
    let folder = Scratch::new("spellings/folders");
    let linter = Linter::new();
    let mut written = 0;
    for case in cases("corpus/valid/base") {
        let text = case.document.to_string();
        let Some(kind) = kind_of_response(&linter.lint("-", &text)) else { continue };
        for client in CLIENTS {
            // Marks are ARNs, and the names of ParallelCluster's members.
            let has_mark = text.contains(":imagebuilder:") || text.contains("imageBuildStatus");
            let Some(spelt) = client.write(&case.document, kind).filter(|_| has_mark) else { continue };
            folder.write(format!("{}/{}", client.name.trim_start_matches('.'), case.name), spelt.document.to_string());
            written += 1;
        }
    }
    let report = common::json(&folder.run(&["--format", "json", "--config=none", "."]).stdout);
    assert_eq!(report["summary"]["files"], written, "{:#}", report["summary"]);
    assert_eq!(report["summary"]["skipped"], 0, "{:#}", report["summary"]);
    assert_eq!(report["summary"]["errors"], 0, "{report:#}");
}

/// A GetImage response as PowerShell prints it with that state and those outputs.
fn of_powershell(state: &Value, outputs: &Value) -> String {
    let arn = "arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/4";
    let kind = json!({"Value": "AMI"});
    let image = json!({"Arn": arn, "Type": kind, "Version": "1.2.3/4", "State": state, "OutputResources": outputs});
    json!({"HttpStatusCode": 200, "Image": image}).to_string()
}

/// The rules of the findings on a text, in order.
fn rules_on(text: &str) -> Vec<&'static str> {
    imagelint::lint(text).iter().map(|finding| finding.rule().name).collect()
}

#[test]
fn nothing_else_is_said_of_values_that_were_cut_off() {
    let available = json!({"Status": {"Value": "AVAILABLE"}});
    for (state, outputs) in [
        (&available, json!("Amazon.Imagebuilder.Model.OutputResources")),
        (&available, json!({"Amis": "Amazon.Imagebuilder.Model.Ami Amazon.Imagebuilder.Model.Ami"})),
        (&available, json!({"Amis": ["Amazon.Imagebuilder.Model.Ami", "Amazon.Imagebuilder.Model.Ami"]})),
        (&json!("Amazon.Imagebuilder.Model.ImageState"), json!(null)),
        (&json!("@{Status=AVAILABLE; Reason=}"), json!(null)),
    ] {
        let text = of_powershell(state, &outputs);
        assert_eq!(rules_on(&text), ["sdk-dump", "sdk-dump-cut"], "{text}");
    }
    let text = of_powershell(&available, &json!({"Amis": null}));
    assert_eq!(rules_on(&text), ["sdk-dump", "available-without-output"], "what is absent is absent");
}

#[test]
fn fixes_leave_a_capture_of_a_client_in_the_spelling_of_the_api() {
    let folder = Scratch::new("spellings/fixes");
    let state = json!({"Status": {"Value": "CANCELLED"}, "Reason": null});
    folder.write("capture.json", of_powershell(&state, &json!({"Amis": [], "Containers": null})));
    folder.run(&["--fix", "--unsafe-fixes", "--config=none", "capture.json"]).ends_with(0);
    let fixed = common::json(&folder.read("capture.json"));
    assert_eq!(fixed["image"]["type"], "AMI");
    assert_eq!(fixed["image"]["state"], json!({"status": "CANCELLED"}));
    assert_eq!(fixed["image"]["outputResources"], json!({"amis": []}));
    assert_eq!(fixed.as_object().map(Map::len), Some(1), "{fixed}");
}

/// A finding inside an unwrapped value is at its place in the text.
#[test]
fn findings_are_at_their_places_in_the_text() {
    let text = of_powershell(&json!({"Status": {"Value": "AVAILABEL"}}), &Value::Null);
    let findings = imagelint::lint(&text);
    let finding = findings.iter().find(|finding| finding.rule().name == "enum-value").expect("a finding");
    assert_eq!(finding.location().pointer(), "/Image/State/Status/Value");
    let start = text.find("\"AVAILABEL").expect("the value");
    assert_eq!(finding.location().start().column, start + 1);
}

#[test]
fn captures_of_clients_are_compared_with_others() {
    let folder = Scratch::new("spellings/compared");
    let image = |status: &str, name: &str| {
        json!({"image": {"arn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/4", "name": name,
            "version": "1.2.3/4", "state": {"status": status}}})
    };
    let go = CLIENTS.iter().find(|client| client.name == "Go").expect("a client");
    let spelt = go.write(&image("CANCELLED", "Web Server"), "get-image").expect("a response");
    folder.write("a.json", image("CANCELLED", "web-server").to_string());
    folder.write("b.json", spelt.document.to_string());
    let ran = folder.run(&["--config=none", "--format", "json", "."]);
    let report = common::json(&ran.stdout);
    let findings = report["findings"].as_array().expect("findings");
    let compared = findings.iter().find(|finding| finding["rule"] == "x-same-arn");
    assert!(compared.is_some_and(|finding| finding.to_string().contains("/Image/Name")), "{report:#}");
}
