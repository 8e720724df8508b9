//! Checkstyle's XML, which many tools read: findings grouped by file.

use std::io::{self, Write};
use std::path::Path;

use crate::report::Unreadable;
use crate::report::format::xml;
use crate::report::output::Layout;
use crate::report::{File, Summary, place};

/// The errors of one file's findings, without the element around them.
pub fn file(file: &File<'_>) -> String {
    let lines = file.lines();
    xml::written(|writer| {
        file.findings.iter().try_for_each(|finding| {
            let position = lines.position(finding.primary.span.start);
            writer
                .create_element("error")
                .with_attributes([
                    ("line", position.line.to_string().as_str()),
                    ("column", &position.column.to_string()),
                    ("severity", finding.level.name()),
                    ("message", &xml::clean(&finding.message)),
                    ("source", &format!("imagelint.{}", finding.rule)),
                ])
                .write_empty()
                .map(drop)
        })
    })
}

/// What stands before the files.
pub fn opening() -> String {
    format!("{}<checkstyle version=\"4.3\">\n", xml::DECLARATION)
}

/// What stands after them: first the files that could not be read.
pub fn closing(summary: &Summary, root: &Path) -> String {
    let file = |Unreadable { path, error }: &Unreadable| {
        xml::written(|writer| {
            let file = writer.create_element("file");
            let file = file.with_attribute(("name", xml::clean(&place::relative(path, root)).as_str()));
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

/// One element for each file that has findings.
pub(crate) struct Files<'r> {
    root: &'r Path,
    is_open: bool,
}

impl<'r> Files<'r> {
    /// With paths from a folder.
    pub(crate) fn new(root: &'r Path) -> Self {
        Files { root, is_open: false }
    }
}

impl Layout for Files<'_> {
    fn part(&mut self, path: &str, part: &str, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_open, true) {
            let name = xml::clean(&place::relative(path, self.root));
            writeln!(out, "<file name=\"{}\">", quick_xml::escape::escape(&name))?;
        }
        out.write_all(part.as_bytes())
    }

    fn end(&mut self, _path: &str, _is_checked: bool, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::take(&mut self.is_open) { out.write_all(b"</file>\n") } else { Ok(()) }
    }
}
