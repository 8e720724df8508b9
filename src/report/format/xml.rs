//! What the XML formats share.

use quick_xml::Writer;

use crate::text::quote::printable;

/// The XML declaration.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A text in which the characters that XML forbids or normalises are escaped as in messages.
pub(super) fn clean(text: &str) -> String {
    printable(text.to_owned())
}

/// Writes elements to text, indented, with a final line feed.
pub(super) fn written(write: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer).expect("a Vec takes all");
    let mut text = String::from_utf8(writer.into_inner()).expect("what was written is UTF-8");
    text.push('\n');
    text
}
