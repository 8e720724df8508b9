//! Fixes of whole texts.

use crate::document::Text;
use crate::finding::Finding;
use crate::finding::fix::Safety;
use crate::library::Linter;
use crate::lint::fixer::{Judge, fix_text};
use crate::text::lines::Origin;

/// Lints versions of the text of a file.
struct Fixing<'l> {
    linter: &'l Linter<'l>,
    path: &'l str,
    with_unsafe: bool,
}

impl Judge for Fixing<'_> {
    fn lint(&self, text: &str) -> Vec<Finding> {
        let Fixing { linter, path, .. } = self;
        linter.linter_of(path).lint(&Text::of(text, Origin::default()), linter.asked(path), false).findings
    }

    fn wanted(&self, findings: &[Finding]) -> Vec<Finding> {
        let mut wanted = findings.to_vec();
        if let Some(settings) = self.linter.settings {
            settings.ignore(self.path, &mut wanted);
        }
        let is_wanted = |safety| self.with_unsafe || safety == Safety::Safe;
        wanted.retain(|finding| finding.fix.as_ref().is_some_and(|fix| is_wanted(fix.safety)));
        wanted
    }
}

pub(super) fn fixed(linter: &Linter<'_>, path: &str, text: &str, with_unsafe: bool) -> String {
    fix_text(text, 0, &Fixing { linter, path, with_unsafe }).text
}
