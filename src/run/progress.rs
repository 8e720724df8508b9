//! A progress bar on standard error for long runs on a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run takes before the bar is shown.
const DELAY: Duration = Duration::from_secs(1);

/// The progress of a run.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    /// How many inputs there are.
    inputs: usize,
    is_watched: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Starts the clock. The bar is shown only if the run is watched: on a terminal, and not quiet.
    pub(crate) fn new(inputs: usize, is_watched: bool) -> Self {
        Progress { started: Instant::now(), inputs, is_watched, bar: None }
    }

    /// Updates the bar: how many inputs are finished, and how many documents were checked in total.
    pub(crate) fn update(&mut self, inputs: usize, documents: usize) {
        if !self.is_watched || self.started.elapsed() < DELAY {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| bar(self.inputs));
        bar.set_message(documents.to_string());
        bar.set_position(inputs as u64);
    }

    /// Hides the bar, so that something else can be printed.
    pub(crate) fn hide(&self) {
        if let Some(bar) = &self.bar {
            bar.suspend(|| ());
        }
    }

    /// Removes the bar.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn bar(inputs: usize) -> ProgressBar {
    let template = match inputs {
        // The number of documents in one input is not known.
        1 => "{spinner} {msg} documents checked, {elapsed}",
        _ => "{wide_bar} {pos}/{len} files, {msg} documents, {eta}",
    };
    let style = ProgressStyle::with_template(template).expect("the templates are constant");
    ProgressBar::with_draw_target(Some(inputs as u64), ProgressDrawTarget::stderr_with_hz(10)).with_style(style)
}
