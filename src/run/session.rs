//! The session: what checks, fixes and comparisons of a run share, and the filter of findings.

use std::sync::atomic::AtomicBool;

use crate::finding::{Finding, Level};
use crate::report::{Format, Fragment, Source, Summary};
use crate::run::baseline::{Baseline, FileBaseline, Recorded};
use crate::run::input::Input;
use crate::run::scopes::{Scope, Scopes};
use crate::run::silence::Collector;

/// How many files are processed before their reports are printed: enough to keep all processors busy, few enough to
/// hold the reports in memory.
pub(crate) const BLOCK: usize = 1024;

/// What all steps of a run need. [`crate::run::check`] has the methods that check inputs.
pub(crate) struct Session<'r> {
    /// The settings of each file.
    pub scopes: &'r Scopes,
    /// The formats of the reports, one for each output.
    pub reports: &'r [Box<dyn Format>],
    /// The findings of an earlier run, which are not reported.
    pub baseline: Option<&'r Baseline>,
    /// Takes the findings to be silenced, if they are.
    pub silenced: Option<&'r Collector>,
    /// The least level of the findings in reports.
    pub min_level: Level,
    /// Whether progress is shown on standard error.
    pub is_watched: bool,
    /// Whether documents of the run are compared with each other.
    pub compares: bool,
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

    /// Whether a report names documents without findings as well.
    pub(crate) fn names_all(&self) -> bool {
        self.reports.iter().any(|report| report.names_all())
    }

    /// The findings of a text, rendered for each report.
    pub(crate) fn fragments(&self, source: &Source<'_>) -> Vec<Fragment> {
        let is_for = |report: &dyn Format| !source.findings.is_empty() || report.names_all();
        let fragment = |report: &dyn Format| if is_for(report) { report.fragment(source) } else { Fragment::default() };
        self.reports.iter().map(|report| fragment(&**report)).collect()
    }

    /// The filter for the findings of an input, whose name in reports is `path`.
    pub(crate) fn filter<'f>(&'f self, input: &Input, path: &'f str) -> Filter<'f> {
        let baseline = self.baseline.map(|baseline| baseline.of_file(path));
        let index = self.scopes.index(input.path());
        let silenced = self.silenced.map(|collector| (collector, index));
        Filter { scope: &self.scopes.all()[index], baseline, silenced, path }
    }
}

/// Drops the findings of one file that are not reported.
pub(crate) struct Filter<'f> {
    scope: &'f Scope,
    baseline: Option<FileBaseline<'f>>,
    /// Takes the findings to be silenced, with the index of the scope.
    silenced: Option<(&'f Collector, usize)>,
    /// The file, as reports name it.
    pub(crate) path: &'f str,
}

impl Filter<'_> {
    /// Drops the findings that are ignored or in the baseline.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        self.scope.settings.ignore(self.path, findings);
        if let Some(baseline) = &self.baseline {
            baseline.drop_known(findings, &|rule| self.scope.settings.may_run_named(rule));
        }
    }

    /// As [`Filter::apply`], and counts the findings that are not ignored, to be recorded for the baseline.
    pub(crate) fn apply_and_count(&self, findings: &mut Vec<Finding>, recorded: &mut Recorded) {
        self.scope.settings.ignore(self.path, findings);
        if let Some(baseline) = &self.baseline {
            baseline.count(findings, recorded);
            baseline.drop_known(findings, &|rule| self.scope.settings.may_run_named(rule));
        }
        if let Some((collector, index)) = self.silenced {
            collector.add(index, &self.scope.settings.name_in_ignores(self.path), findings);
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
