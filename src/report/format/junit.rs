//! JUnit's XML: a suite for each file that was checked, with a case for each finding, or one that passes if there is
//! none. A case fails if its finding fails the run.

use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use quick_xml::events::BytesText;

use crate::finding::{Finding, Level};
use crate::report::format::{Layout, xml};
use crate::report::{Entry, Format, Fragment, Options, Source, Summary, paths, source};

pub(super) static JUNIT: Entry = Entry {
    name: "junit",
    summary: "JUnit's XML, with a suite for each file",
    make: |Options { root, fail_on, .. }| Box::new(Junit { root, fail_on }),
};

struct Junit {
    root: PathBuf,
    fail_on: Option<Level>,
}

impl Format for Junit {
    fn opening(&self) -> String {
        xml::DECLARATION.to_owned()
    }

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let path = xml::clean(&paths::relative(source.path, &self.root));
        Fragment::of(source.findings, |report, finding| report.push_str(&case(finding, &path, self.fail_on)))
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        let all = Suite { cases: case_buffer(), tests: 0, failures: 0 };
        let one = Suite { cases: case_buffer(), ..all };
        Box::new(Suites { root: &self.root, fail_on: self.fail_on, all, one })
    }
}

/// The case of a finding.
fn case(finding: &Finding, path: &str, fail_on: Option<Level>) -> String {
    xml::written(|writer| {
        let start = finding.location().start();
        let message = xml::clean(&finding.message);
        let details = details(finding, &format!("{path}:{}:{}", start.line, start.column));
        let details = BytesText::new(&details);
        let (name, line) = (xml::clean(&name(finding)), start.line.to_string());
        let attributes =
            [("classname", path), ("name", name.as_str()), ("file", path), ("line", line.as_str()), ("time", "0")];
        let case = writer.create_element("testcase").with_attributes(attributes);
        case.write_inner_content(|writer| {
            if fail_on.is_some_and(|fail_on| finding.level >= fail_on) {
                let attributes = [("type", finding.level.name()), ("message", &message)];
                writer.create_element("failure").with_attributes(attributes).write_text_content(details)
            } else {
                writer.create_element("system-out").write_text_content(details)
            }
            .map(drop)
        })
        .map(drop)
    })
}

/// The name of the case of a finding, which does not change when its line does.
fn name(finding: &Finding) -> String {
    let location = finding.location();
    let embedded = location.embedded_pointer().unwrap_or_default();
    let document = if finding.document == 0 { String::new() } else { format!(" in document {}", finding.document) };
    let pointer = if location.pointer().is_empty() { "/" } else { location.pointer() };
    format!("{} at {pointer}{embedded}{document}", finding.rule.name)
}

fn details(finding: &Finding, position: &str) -> String {
    let (level, rule, message) = (finding.level.name(), finding.rule.name, &finding.message);
    let first = format!("{position}: {level}[{rule}] {message}");
    let help = format!("help: {}", finding.help());
    let source = source(finding).map(|source| format!("source: {source}"));
    let lines: Vec<String> = [first, help].into_iter().chain(source).map(|line| xml::clean(&line)).collect();
    lines.join("\n")
}

/// The suite of a run that found nothing to check. Tools such as Jenkins refuse a report without any case, and a case
/// that passes would be misleading.
const NOTHING: &str = "<testsuite name=\"imagelint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" time=\"0\">\n\
                       <testcase classname=\"imagelint\" name=\"documents\">\n  \
                       <skipped message=\"there was nothing to check\"/>\n</testcase>\n</testsuite>\n";

/// The suite of the files that could not be read.
fn unreadable(summary: &Summary, root: &Path) -> String {
    let count = summary.unreadable.len().to_string();
    xml::written(|writer| {
        let attributes =
            [("name", "unreadable"), ("tests", &count), ("failures", "0"), ("errors", &count), ("time", "0")];
        let suite = writer.create_element("testsuite").with_attributes(attributes);
        suite
            .write_inner_content(|writer| {
                summary.unreadable.iter().try_for_each(|unreadable| {
                    let path = xml::clean(&paths::relative(&unreadable.path, root));
                    let attributes =
                        [("classname", path.as_str()), ("name", "can be read"), ("file", &path), ("time", "0")];
                    let case = writer.create_element("testcase").with_attributes(attributes);
                    case.write_inner_content(|writer| {
                        let message = xml::clean(&unreadable.error);
                        let error = writer.create_element("error");
                        error.with_attribute(("message", message.as_str())).write_empty().map(drop)
                    })
                    .map(drop)
                })
            })
            .map(drop)
    })
}

/// Buffers what comes after counts until it is counted: in memory, or if it is much, in a temporary file. Without
/// `cli` there may be no file system.
#[cfg(feature = "cli")]
type CaseBuffer = tempfile::SpooledTempFile;
#[cfg(not(feature = "cli"))]
type CaseBuffer = io::Cursor<Vec<u8>>;

#[cfg(feature = "cli")]
fn case_buffer() -> CaseBuffer {
    const MOST_IN_MEMORY: usize = 1 << 20;
    CaseBuffer::new(MOST_IN_MEMORY)
}

#[cfg(not(feature = "cli"))]
fn case_buffer() -> CaseBuffer {
    CaseBuffer::default()
}

/// Cases, or suites of them, and how many cases there are.
struct Suite {
    cases: CaseBuffer,
    tests: usize,
    failures: usize,
}

impl Suite {
    /// Writes the buffered cases, and begins anew.
    fn drain(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.cases.rewind()?;
        io::copy(&mut self.cases, out)?;
        *self = Suite { cases: case_buffer(), tests: 0, failures: 0 };
        Ok(())
    }
}

/// Writes suites. The cases of a suite are buffered until they are counted, as its start tag has the counts; so are
/// all suites.
struct Suites<'r> {
    root: &'r Path,
    fail_on: Option<Level>,
    /// All suites that have ended.
    all: Suite,
    /// The suite of the file that is being checked.
    one: Suite,
}

impl Layout for Suites<'_> {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, _out: &mut dyn Write) -> io::Result<()> {
        self.one.tests += fragment.levels().count();
        self.one.failures +=
            fragment.levels().filter(|level| self.fail_on.is_some_and(|fail_on| *level >= fail_on)).count();
        self.one.cases.write_all(fragment.text.as_bytes())
    }

    fn end(&mut self, path: &str, is_checked: bool, _out: &mut dyn Write) -> io::Result<()> {
        let Suites { all, one, .. } = self;
        if one.tests == 0 && !is_checked {
            return Ok(());
        }
        let path = xml::clean(&paths::relative(path, self.root));
        let path = quick_xml::escape::escape(&path);
        if one.tests == 0 {
            writeln!(one.cases, "<testcase classname=\"{path}\" name=\"no finding\" file=\"{path}\" time=\"0\"/>")?;
            one.tests = 1;
        }
        all.tests += one.tests;
        all.failures += one.failures;
        let counts = format!("tests=\"{}\" failures=\"{}\" errors=\"0\"", one.tests, one.failures);
        writeln!(all.cases, "<testsuite name=\"{path}\" file=\"{path}\" {counts} time=\"0\">")?;
        one.drain(&mut all.cases)?;
        all.cases.write_all(b"</testsuite>\n")
    }

    /// Ends with a suite of the files that could not be read, or if there was nothing to check, one that says so.
    fn close(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let errors = summary.unreadable.len();
        let is_empty = errors == 0 && self.all.tests == 0;
        let last = match errors {
            0 if is_empty => NOTHING.to_owned(),
            0 => String::new(),
            _ => unreadable(summary, self.root),
        };
        let tests = self.all.tests + errors + usize::from(is_empty);
        let (failures, seconds) = (self.all.failures, summary.time.as_secs_f64());
        writeln!(
            out,
            "<testsuites name=\"imagelint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{seconds:.3}\">"
        )?;
        self.all.drain(out)?;
        writeln!(out, "{last}</testsuites>")
    }
}
