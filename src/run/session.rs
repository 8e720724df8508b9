//! What the parts of a run share: the rules, the reports, and what is left out of them.

use crate::finding::Finding;
use crate::lint::linter::Linter;
use crate::report::{Format, Fragment, Source};
use crate::run::baseline::{Baseline, FileBaseline};
use crate::settings::Settings;

/// How many files are dealt with before anything is printed: enough to keep all processors
/// busy, few enough to hold their reports in memory.
pub(crate) const BLOCK: usize = 1024;

/// What a run needs to know. How it checks stands in [`crate::run::check`], how it fixes files in [`crate::run::fix`].
pub(crate) struct Session<'r> {
    /// The rules.
    pub linter: &'r Linter,
    /// What is ignored.
    pub settings: &'r Settings,
    /// The reports that are made, one for each output.
    pub reports: &'r [Box<dyn Format>],
    /// The findings that are known.
    pub baseline: Option<&'r Baseline>,
    /// Whether somebody watches standard error.
    pub is_watched: bool,
}

impl Session<'_> {
    /// A fragment for each report.
    pub(crate) fn fragments(&self, source: &Source<'_>) -> Vec<Fragment> {
        self.reports.iter().map(|report| report.fragment(source)).collect()
    }

    /// What is left out of the report of a file.
    pub(crate) fn filter<'f>(&'f self, path: &'f str) -> Filter<'f> {
        let baseline = self.baseline.map(|baseline| baseline.of_file(path));
        Filter { settings: self.settings, baseline, path }
    }
}

/// What is left out of the report of one file.
pub(crate) struct Filter<'f> {
    settings: &'f Settings,
    baseline: Option<FileBaseline<'f>>,
    /// The file, as reports name it.
    pub(crate) path: &'f str,
}

impl Filter<'_> {
    /// Drops what is ignored and what the baseline knows.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        self.settings.ignore(self.path, findings);
        if let Some(baseline) = &self.baseline {
            baseline.drop_known(findings);
        }
    }

    /// Likewise, and what is not ignored counts for the baseline.
    pub(crate) fn report(&self, findings: &mut Vec<Finding>) {
        self.settings.ignore(self.path, findings);
        if let Some(baseline) = &self.baseline {
            baseline.record(findings);
            baseline.drop_known(findings);
        }
    }

    /// The file has ended.
    pub(crate) fn close(self) {
        if let Some(baseline) = self.baseline {
            baseline.close();
        }
    }
}
