//! Checkstyle's XML, which many tools read. Findings are grouped by file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::report::format::{Layout, xml};
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable, paths};

pub(super) static CHECKSTYLE: Entry = Entry {
    name: "checkstyle",
    summary: "Checkstyle's XML",
    make: |options| Box::new(Checkstyle { root: options.root }),
};

struct Checkstyle {
    root: PathBuf,
}

impl Format for Checkstyle {
    fn opening(&self) -> String {
        format!("{}<checkstyle version=\"4.3\">\n", xml::DECLARATION)
    }

    /// The `error` elements, without the `file` element around them.
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        Fragment::of(source.findings, |report, finding| {
            let start = finding.location().start();
            report.push_str(&xml::written(|writer| {
                writer
                    .create_element("error")
                    .with_attributes([
                        ("line", start.line.to_string().as_str()),
                        ("column", &start.column.to_string()),
                        ("severity", finding.level.name()),
                        ("message", &xml::clean(&finding.message)),
                        ("source", &format!("imagelint.{}", finding.rule.name)),
                    ])
                    .write_empty()
                    .map(drop)
            }));
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Files { root: &self.root, is_open: false })
    }

    /// The files that could not be read come last.
    fn closing(&self, summary: &Summary) -> String {
        let file = |Unreadable { path, error }: &Unreadable| {
            xml::written(|writer| {
                let file = writer.create_element("file");
                let file = file.with_attribute(("name", xml::clean(&paths::relative(path, &self.root)).as_str()));
                file.write_inner_content(|writer| {
                    let attributes = [("line", "1"), ("severity", "error"), ("message", &xml::clean(error))];
                    let error = writer.create_element("error").with_attributes(attributes);
                    error.with_attribute(("source", "imagelint.unreadable")).write_empty().map(drop)
                })
                .map(drop)
            })
        };
        summary.unreadable.iter().map(file).collect::<String>() + "</checkstyle>\n"
    }
}

/// Writes one `file` element for each file that has findings.
struct Files<'r> {
    root: &'r Path,
    is_open: bool,
}

impl Layout for Files<'_> {
    fn fragment(&mut self, path: &str, fragment: &Fragment, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_open, true) {
            let name = xml::clean(&paths::relative(path, self.root));
            writeln!(out, "<file name=\"{}\">", quick_xml::escape::escape(&name))?;
        }
        out.write_all(fragment.text.as_bytes())
    }

    fn end(&mut self, _path: &str, _is_checked: bool, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::take(&mut self.is_open) { out.write_all(b"</file>\n") } else { Ok(()) }
    }
}
