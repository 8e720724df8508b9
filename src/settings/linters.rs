//! The linters that the settings of one file make: one, and one for each set of overrides that applies to some file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::lint::linter::Linter;
use crate::model::release::ModelVersion;
use crate::recognise::kind::Kind;
use crate::settings::Settings;

/// The linters of some settings.
#[derive(Debug)]
pub(crate) struct Linters {
    forced: Option<&'static Kind>,
    model: Option<ModelVersion>,
    usual: Arc<Linter>,
    /// By the indices of the overrides.
    overridden: Mutex<HashMap<Vec<usize>, Arc<Linter>>>,
}

impl Linters {
    /// Linters for readers with a version of the service model. If a kind is forced, every document is checked as that
    /// kind.
    pub(crate) fn new(settings: &Settings, forced: Option<&'static Kind>, model: Option<ModelVersion>) -> Self {
        let usual = Arc::new(settings.linter(&[], forced, model));
        Linters { forced, model, usual, overridden: Mutex::default() }
    }

    /// The linter for a file; without a path, for one that no override is for.
    pub(crate) fn of(&self, settings: &Settings, path: Option<&Path>) -> Arc<Linter> {
        let overrides = path.map(|path| settings.overrides(path)).unwrap_or_default();
        if overrides.is_empty() {
            return self.usual.clone();
        }
        let mut overridden = self.overridden.lock().expect("no thread panics while it makes a linter");
        let linter = overridden.entry(overrides);
        linter.or_insert_with_key(|overrides| Arc::new(settings.linter(overrides, self.forced, self.model))).clone()
    }

    /// The kind as which every document is checked, if one is forced.
    pub(crate) fn forced(&self) -> Option<&'static Kind> {
        self.forced
    }
}
