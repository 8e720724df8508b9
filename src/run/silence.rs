//! Collects the findings of a run, to be silenced by the settings of their files.

use std::collections::BTreeSet;
use std::sync::Mutex;

use crate::finding::Finding;
use crate::settings::edit::NewIgnore;

/// The ignores for the findings of a run, each with the index of the scope of its file.
#[derive(Debug, Default)]
pub(crate) struct Collector(Mutex<BTreeSet<(usize, NewIgnore)>>);

impl Collector {
    /// Adds the findings of a file, which its settings name this way.
    pub(crate) fn add(&self, scope: usize, name: &str, findings: &[Finding]) {
        let ignore = |finding: &Finding| (scope, NewIgnore::of(finding, name));
        let mut ignores = self.0.lock().expect("no thread panics while it collects");
        ignores.extend(findings.iter().map(ignore));
    }

    /// The ignores for the files of a scope.
    pub(crate) fn of_scope(&self, scope: usize) -> Vec<NewIgnore> {
        let ignores = self.0.lock().expect("no thread panics while it collects");
        ignores.iter().filter(|(of, _)| *of == scope).map(|(_, ignore)| ignore.clone()).collect()
    }
}
