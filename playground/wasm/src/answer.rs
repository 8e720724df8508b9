//! Requests and their answers.

use imagelint::{
    Checked, Edit, Finding, Fix, Format, Label, Linter, Location, Mistakes, Needs, Payload, Rule, Safety, Settings,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::markdown::to_html;
use crate::utf16::Utf16;

/// How many pointers are told of what needs a release or is unknown.
const MOST_POINTERS: usize = 5;

#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "lowercase")]
enum Request {
    /// The version, the model and the rules.
    About,
    /// The findings of a file.
    Lint {
        file: String,
        #[serde(default)]
        settings: String,
        /// How many findings are told; the others are counted.
        most: Option<usize>,
    },
    /// The text after fixes.
    Fix {
        file: String,
        #[serde(default)]
        settings: String,
        #[serde(default)]
        r#unsafe: bool,
    },
    /// The page of a rule.
    Explain { rule: String },
}

/// Answers a request: JSON on one line, and the contents of a file after it.
pub fn answer(request: &[u8]) -> Vec<u8> {
    let end = request.iter().position(|byte| *byte == b'\n').unwrap_or(request.len());
    let contents = request.get(end + 1..).unwrap_or_default();
    let answer = match serde_json::from_slice(&request[..end]) {
        Err(error) => json!({ "error": error.to_string() }),
        Ok(Request::About) => about(),
        Ok(Request::Lint { file, settings, most }) => lint(&file, &settings, most, contents),
        Ok(Request::Fix { file, settings, r#unsafe }) => fix(&file, &settings, r#unsafe, contents),
        Ok(Request::Explain { rule }) => match imagelint::explain(&rule) {
            Ok(page) => json!({ "page": to_html(&page) }),
            Err(error) => json!({ "error": error }),
        },
    };
    answer.to_string().into_bytes()
}

fn about() -> Value {
    let json = Format::named("json").map(|format| Linter::new().lint("", "{}").report(format));
    let report: Value = json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let rule = |rule: &Rule| json!({ "name": rule.name, "summary": rule.summary });
    json!({ "tool": report["tool"], "rules": imagelint::rules().map(rule).collect::<Vec<_>>() })
}

fn lint(file: &str, settings: &str, most: Option<usize>, contents: &[u8]) -> Value {
    let (settings, mistakes) = parsed(settings);
    let linter = linter(settings.as_ref());
    let checked = linter.lint(file, contents);
    let told = Told { utf16: Utf16::of(checked.text()) };
    let findings = checked.findings();
    let count = |level: &str| findings.iter().filter(|finding| finding.level().name() == level).count();
    let fixes = |safety| findings.iter().filter(|f| f.fix().is_some_and(|fix| fix.safety == safety)).count();
    json!({
        "findings": findings.iter().take(most.unwrap_or(usize::MAX)).map(|finding| told.finding(finding)).collect::<Vec<_>>(),
        "counts": { "error": count("error"), "warning": count("warning"), "info": count("info") },
        "fixes": { "safe": fixes(Safety::Safe), "unsafe": fixes(Safety::Unsafe) },
        "documents": checked.documents(),
        "fails": checked.fails(),
        "kinds": kinds(&checked),
        "mistakes": mistakes,
        // What was typed needs not be told again.
        "text": (checked.text().as_bytes() != contents).then(|| checked.text()),
    })
}

fn fix(file: &str, settings: &str, with_unsafe: bool, contents: &[u8]) -> Value {
    let (settings, _) = parsed(settings);
    let safety = if with_unsafe { Safety::Unsafe } else { Safety::Safe };
    let text = String::from_utf8_lossy(contents);
    json!({ "text": linter(settings.as_ref()).fix(file, &text, safety) })
}

/// The settings, and what is wrong with them: then they do not count.
fn parsed(text: &str) -> (Option<Settings>, Vec<Value>) {
    match Settings::parse("imagelint.toml", text) {
        Ok(settings) => (Some(settings), Vec::new()),
        Err(mistakes) => (None, told_mistakes(text, &mistakes)),
    }
}

fn linter(settings: Option<&Settings>) -> Linter<'_> {
    settings.map_or_else(Linter::new, Linter::with_settings)
}

fn told_mistakes(text: &str, mistakes: &Mistakes) -> Vec<Value> {
    let told = Told { utf16: Utf16::of(text) };
    mistakes.findings().iter().map(|mistake| told.finding(mistake)).collect()
}

/// How findings are told, with offsets in units of UTF-16 of the text.
struct Told<'t> {
    utf16: Utf16<'t>,
}

#[derive(Serialize)]
struct Place {
    from: usize,
    to: usize,
    line: usize,
    column: usize,
}

impl Told<'_> {
    fn finding(&self, finding: &Finding) -> Value {
        let location = finding.location();
        let labels = finding.labels().enumerate().filter(|(index, label)| *index > 0 || !label.text().is_empty());
        json!({
            "rule": finding.rule().name,
            "about": finding.rule().summary,
            "why": finding.rule().why,
            "source": finding.rule().source,
            "level": finding.level().name(),
            "message": finding.message(),
            "help": finding.help(),
            "pointer": location.pointer(),
            "embedded": location.embedded_pointer(),
            "document": finding.document(),
            "place": self.place(location),
            "labels": labels.map(|(_, label)| self.label(label)).collect::<Vec<_>>(),
            "fix": finding.printable_fix().map(|fix| self.fix(fix)),
        })
    }

    fn label(&self, label: &Label) -> Value {
        let location = label.location();
        json!({ "place": self.place(location), "pointer": location.pointer(), "text": label.text() })
    }

    fn place(&self, location: &Location) -> Place {
        let (start, end) = (location.start(), location.end());
        let (from, to) = (self.utf16.offset(start.offset), self.utf16.offset(end.offset));
        Place { from, to, line: start.line, column: start.column }
    }

    fn fix(&self, fix: &Fix) -> Value {
        let edit = |edit: &Edit| {
            let range = edit.range();
            json!({ "from": self.utf16.offset(range.start), "to": self.utf16.offset(range.end), "text": edit.text() })
        };
        json!({
            "safety": fix.safety.name(),
            "title": fix.title,
            "edits": fix.edits.iter().map(edit).collect::<Vec<_>>(),
        })
    }
}

/// The kinds of what a file holds, each with how many there are, the newest release that they need, and what no release
/// knows.
fn kinds(checked: &Checked<'_>) -> Value {
    let mut kinds: Vec<(Payload, usize)> = Vec::new();
    for payload in checked.payloads() {
        match kinds.iter_mut().find(|(other, _)| other.kind == payload.kind) {
            None => kinds.push((payload, 1)),
            Some((newest, count)) => {
                *count += 1;
                let date = |payload: &Payload| payload.needs.as_ref().map(|needs| needs.date);
                if date(&payload) > date(newest) {
                    newest.needs = payload.needs;
                }
                for unknown in payload.unknown {
                    if newest.unknown.len() < MOST_POINTERS && !newest.unknown.contains(&unknown) {
                        newest.unknown.push(unknown);
                    }
                }
            }
        }
    }
    let needs = |needs: &Needs| {
        let because: Vec<&String> = needs.because.iter().take(MOST_POINTERS).collect();
        json!({ "botocore": needs.botocore, "date": needs.date, "because": because })
    };
    let told = |(payload, count): &(Payload, usize)| {
        let unknown: Vec<&String> = payload.unknown.iter().take(MOST_POINTERS).collect();
        let needs = payload.needs.as_ref().map(needs);
        json!({ "kind": payload.kind, "count": count, "needs": needs, "unknown": unknown })
    };
    kinds.iter().map(told).collect()
}
