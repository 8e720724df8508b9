//! How often the library allocates for fixed inputs: no clock, so no machine's mood. The counts are those of an
//! unoptimised build; `tests/golden/allocations.txt` holds them, rewritten with `BLESS=1 cargo test --test counts`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::{fs, hint};

use allocation_counter::measure;
use imagelint::{Format, Linter};

const GOLDEN: &str = "tests/golden/allocations.txt";
/// What growth may be at most: `n log n` is near 1.1 at these sizes.
const EXPONENT: f64 = 1.15;

/// Threads that run a regular expression at the same time allocate more than one after the other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn fixture(relative: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// A list of builds, each with a fault if wanted.
fn list(entries: usize, faulty: bool) -> String {
    let entry = fixture("corpus/valid/base/listed-build.json");
    let entry = if faulty { entry.replace("\"AVAILABLE\"", "\"available\"") } else { entry };
    let entries: Vec<String> = (0..entries).map(|index| entry.replace("1.2.3", &format!("1.2.{index}"))).collect();
    format!("{{\"imageSummaryList\": [{}]}}", entries.join(","))
}

/// Documents on a line each.
fn lines(count: usize) -> String {
    let line: String = fixture("corpus/valid/base/container.json").lines().map(str::trim_start).collect();
    (0..count).map(|index| format!("{}\n", line.replace("1.2.3", &format!("1.2.{index}")))).collect()
}

/// How often a text is allocated for, from its bytes to its report, and how many findings it has. What is made once
/// for a process is made before.
fn allocations(text: &str) -> (u64, usize) {
    let linter = Linter::new();
    let format = Format::named("concise").expect("a format");
    let lint = || {
        let checked = linter.lint("a.json", hint::black_box(text));
        if !checked.findings().is_empty() {
            hint::black_box(checked.report(format));
        }
        checked.findings().len()
    };
    lint();
    let mut findings = 0;
    let count = measure(|| findings = lint()).count_total;
    (count, findings)
}

#[test]
fn fixed_inputs_allocate_as_often_as_before() {
    let _alone = ONE_AT_A_TIME.lock();
    let inputs = [
        ("a clean image, linux-ami", fixture("corpus/valid/base/linux-ami.json")),
        ("a clean image, container", fixture("corpus/valid/base/container.json")),
        ("a clean event", fixture("corpus/valid/base/event-state-change.json")),
        ("a clean notification in an envelope", fixture("corpus/valid/base/notification-lambda.json")),
        ("a clean list with 100 entries", list(100, false)),
        ("10 clean images on a line each", lines(10)),
        ("an image with several faults", fixture("corpus/demo/get-image.json")),
        ("a list with a fault in each of 100 entries", list(100, true)),
    ];
    let mut counts = String::new();
    for (name, text) in inputs {
        let (count, findings) = allocations(&text);
        assert_eq!(findings == 0, !name.contains("fault"), "{name}: {findings} findings");
        let _ = writeln!(counts, "{count:>7}  {name}");
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&golden, &counts).expect("the repository can be written");
    }
    // The standard library of another system allocates a little differently.
    if cfg!(target_os = "linux") {
        let committed = fs::read_to_string(&golden).unwrap_or_default();
        assert!(committed == counts, "{GOLDEN} is stale (BLESS=1 rewrites it); now:\n{counts}before:\n{committed}");
    }
}

/// Makes a text of a size.
type Make = fn(usize) -> String;

#[test]
fn allocations_grow_with_the_input_and_no_faster() {
    let _alone = ONE_AT_A_TIME.lock();
    let dimensions: [(&str, Make); 3] =
        [("entries", |n| list(n, false)), ("entries with a fault", |n| list(n, true)), ("lines", lines)];
    for (name, make) in dimensions {
        let [few, many] = [50, 400].map(|size| {
            let (count, _) = allocations(&make(size));
            f64::from(u32::try_from(count.max(1)).expect("far fewer"))
        });
        let exponent = (many / few).ln() / 8_f64.ln();
        assert!(exponent <= EXPONENT, "{name}: {few} allocations for 50, {many} for 400: exponent {exponent:.2}");
    }
}
