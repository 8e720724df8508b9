//! The table of figures, as Markdown.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;

use jiff::Timestamp;

use crate::bench::peers::first_line;
use crate::bench::rows::{Bound, Measure, Target};
use crate::bench::{Measured, Usage};
use crate::path;

const PAGE: &str = "docs/performance.md";
const START: &str = "<!-- written by `cargo xtask bench --write` -->\n";
const END: &str = "<!-- end -->\n";

/// The lines of one row's programs.
pub(crate) fn row(measured: &Measured) -> String {
    let mut text = String::new();
    let first = measured.usages[0];
    for (index, (contender, usage)) in measured.row.contenders.iter().zip(&measured.usages).enumerate() {
        let work = if index == 0 { &*measured.row.work } else { "" };
        let times =
            |value: f64, first: f64| if index == 0 { String::new() } else { format!(" ({:.2} ×)", value / first) };
        let (wall, cpu) = (times(usage.wall, first.wall), times(usage.cpu, first.cpu));
        let (name, peak) = (&contender.name, memory(usage.peak));
        let _ = writeln!(text, "| {work} | {name} | {}{wall} | {}{cpu} | {peak} |", time(usage.wall), time(usage.cpu));
    }
    text
}

/// What is measured and the targets, with the day and the machine.
pub(crate) fn report(table: &[Measured], peers: &[String]) -> String {
    let day = Timestamp::now().to_string();
    let mut text = format!("Measured on {}, {}.\n\n", day.split('T').next().unwrap_or_default(), machine());
    if !peers.is_empty() {
        let _ = writeln!(text, "Peers: {}.\n", peers.join(", "));
    }
    text.push_str("| work | program | wall | CPU | memory |\n| --- | --- | ---: | ---: | ---: |\n");
    text.extend(table.iter().map(row));
    text.push_str("\n| work | target | today | |\n| --- | --- | ---: | --- |\n");
    for measured in table {
        for (index, target) in measured.row.targets.iter().enumerate() {
            let work = if index == 0 { &*measured.row.work } else { "" };
            let (words, today, met) = judged(measured, target);
            let _ = writeln!(text, "| {work} | {words} | {today} | {} |", if met { "met" } else { "**missed**" });
        }
    }
    text
}

/// A target in words, the figure of today, and whether that meets it.
fn judged(measured: &Measured, target: &Target) -> (String, String, bool) {
    let (name, value): (_, fn(&Usage) -> f64) = match target.measure {
        Measure::Wall => ("wall", |usage| usage.wall),
        Measure::Cpu => ("CPU", |usage| usage.cpu),
        Measure::Peak => ("memory", |usage| usage.peak),
    };
    let index = |name| measured.row.contenders.iter().position(|contender| contender.name == name).unwrap_or_default();
    let of = |index: usize| value(&measured.usages[index]);
    let show = |amount| if let Measure::Peak = target.measure { memory(amount) } else { time(amount) };
    let first = of(0);
    match target.bound {
        Bound::Times(most, other) => {
            let times = first / of(index(other));
            (format!("{name} at most {most} × {other}"), format!("{times:.2} ×"), times <= most)
        }
        Bound::More(most, other) => {
            let more = first - of(index(other));
            (format!("{name} at most {} more than {other}", show(most)), show(more), more <= most)
        }
        Bound::AtMost(most) => (format!("{name} at most {}", show(most)), show(first), first <= most),
        Bound::Growth(most, larger) => {
            let smaller = larger.saturating_sub(1);
            let times = of(larger) / of(smaller);
            let names = [larger, smaller].map(|index| &*measured.row.contenders[index].name);
            let words = format!("{name} for {} at most {most} × that for {}", names[0], names[1]);
            (words, format!("{times:.2} ×"), times <= most)
        }
    }
}

fn time(seconds: f64) -> String {
    match seconds.abs() {
        0.0..0.01 => format!("{:.2} ms", seconds * 1e3),
        0.01..1.0 => format!("{:.0} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}

fn memory(mebibytes: f64) -> String {
    format!("{mebibytes:.0} MiB")
}

/// The processor, its cores, and the compiler.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("a processor", |(_, model)| model);
    let rust = first_line("rustc", &["--version"]).unwrap_or_default();
    let rust = rust.split(" (").next().unwrap_or_default();
    let cores = match cores {
        1 => "one core".to_owned(),
        2 => "two cores".to_owned(),
        more => format!("{more} cores"),
    };
    format!("{cores} of {} ({model}), {}, {rust}", std::env::consts::ARCH, std::env::consts::OS)
}

/// Puts the report into the page.
pub(crate) fn write(report: &str) -> Result<(), Box<dyn Error>> {
    let page = path(PAGE);
    let text = fs::read_to_string(&page)?;
    let (before, rest) = text.split_once(START).ok_or(format!("{PAGE} has no line {START}"))?;
    let (_, after) = rest.split_once(END).ok_or(format!("{PAGE} has no line {END}"))?;
    Ok(fs::write(page, [before, START, "\n", report, "\n", END, after].concat())?)
}
