//! The session: what checks, fixes and comparisons of a run share, and the filter of findings.

use std::sync::atomic::AtomicBool;

use crate::finding::{Finding, Level};
use crate::lint::linter::Linter;
use crate::report::{Format, Fragment, Source, Summary};
use crate::run::baseline::{Baseline, FileBaseline, Recorded};
use crate::settings::Settings;

/// How many files are processed before their reports are printed: enough to keep all processors busy, few enough to
/// hold the reports in memory.
pub(crate) const BLOCK: usize = 1024;

/// What all steps of a run need. [`crate::run::check`] has the methods that check inputs.
pub(crate) struct Session<'r> {
    /// Lints texts.
    pub linter: &'r Linter,
    /// Says which findings are ignored.
    pub settings: &'r Settings,
    /// The formats of the reports, one for each output.
    pub reports: &'r [Box<dyn Format>],
    /// The findings of an earlier run, which are not reported.
    pub baseline: Option<&'r Baseline>,
    /// The least level of the findings in reports.
    pub min_level: Level,
    /// Whether progress is shown on standard error.
    pub is_watched: bool,
    /// Whether skipped files are listed on standard error.
    pub lists_skipped: bool,
    /// Set once nobody reads what is printed, if nothing else is written: then the run ends when its status is known.
    pub is_unread: Option<&'r AtomicBool>,
}

impl Session<'_> {
    /// Drops the findings below the least level that is reported, and counts them.
    pub(crate) fn hide(&self, findings: &mut Vec<Finding>, summary: &mut Summary) {
        let count = findings.len();
        findings.retain(|finding| finding.level >= self.min_level);
        summary.hidden += count - findings.len();
    }

    /// The findings of a text, rendered for each report.
    pub(crate) fn fragments(&self, source: &Source<'_>) -> Vec<Fragment> {
        self.reports.iter().map(|report| report.fragment(source)).collect()
    }

    /// The filter for the findings of a file.
    pub(crate) fn filter<'f>(&'f self, path: &'f str) -> Filter<'f> {
        let baseline = self.baseline.map(|baseline| baseline.of_file(path));
        Filter { settings: self.settings, baseline, path }
    }
}

/// Drops the findings of one file that are not reported.
pub(crate) struct Filter<'f> {
    settings: &'f Settings,
    baseline: Option<FileBaseline<'f>>,
    /// The file, as reports name it.
    pub(crate) path: &'f str,
}

impl Filter<'_> {
    /// Drops the findings that are ignored or in the baseline.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        self.settings.ignore(self.path, findings);
        if let Some(baseline) = &self.baseline {
            baseline.drop_known(findings);
        }
    }

    /// As [`Filter::apply`], and counts the findings that are not ignored, to be recorded for the baseline.
    pub(crate) fn apply_and_count(&self, findings: &mut Vec<Finding>, recorded: &mut Recorded) {
        self.settings.ignore(self.path, findings);
        if let Some(baseline) = &self.baseline {
            baseline.count(findings, recorded);
            baseline.drop_known(findings);
        }
    }

    /// Records findings for the baseline.
    pub(crate) fn record(&self, recorded: Recorded) {
        if let Some(baseline) = &self.baseline {
            baseline.record(recorded);
        }
    }

    /// Ends the file, which was read completely.
    pub(crate) fn close(self) {
        if let Some(baseline) = self.baseline {
            baseline.close();
        }
    }
}
