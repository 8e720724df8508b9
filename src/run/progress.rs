//! A bar on standard error for runs that last, where somebody watches.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run lasts before a bar is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a run has come.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    /// How many inputs there are.
    inputs: usize,
    is_watched: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// The progress of a run that starts now.
    pub(crate) fn new(inputs: usize, is_watched: bool) -> Self {
        Progress { started: Instant::now(), inputs, is_watched, bar: None }
    }

    /// So many inputs are done, with so many documents in all.
    pub(crate) fn tell(&mut self, inputs: usize, documents: usize) {
        if !self.is_watched || self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| bar(self.inputs));
        bar.set_message(documents.to_string());
        bar.set_position(inputs as u64);
    }

    /// Clears the bar, so that something else can be printed.
    pub(crate) fn step_aside(&self) {
        if let Some(bar) = &self.bar {
            bar.suspend(|| ());
        }
    }

    /// Clears the bar for good.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn bar(inputs: usize) -> ProgressBar {
    let template = match inputs {
        // How long one input is cannot be told.
        1 => "{spinner} {msg} documents checked, {elapsed}",
        _ => "{wide_bar} {pos}/{len} files, {msg} documents, {eta}",
    };
    let style = ProgressStyle::with_template(template).expect("the templates are constant");
    ProgressBar::with_draw_target(Some(inputs as u64), ProgressDrawTarget::stderr_with_hz(10)).with_style(style)
}
