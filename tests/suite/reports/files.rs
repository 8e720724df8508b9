//! `--report`: reports that are written to files, beside the one that is printed.

use super::report;
use crate::common::{DEMO, SOME, Scratch, run};

#[test]
fn one_run_writes_several_reports() {
    let folder = Scratch::new("reports/several");
    let formats = ["json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle", "concise"];
    let files: Vec<String> = formats.map(|format| format!("--report={format}={}", folder.argument(format))).to_vec();
    let mut arguments: Vec<&str> = files.iter().map(String::as_str).collect();
    arguments.extend(["--format", "concise", SOME]);
    let ran = run(&arguments);
    ran.ends_with(1);
    assert!(ran.stdout == folder.read("concise"));
    for format in formats {
        let [in_file, printed] = [folder.read(format), report(format, &[SOME])].map(without_time);
        assert!(in_file == printed, "{format}");
    }
    assert_eq!(folder.count(), formats.len(), "nothing else is left there");
}

/// A report of JUnit's without the time that the run took.
fn without_time(report: String) -> String {
    match report.split_once(" time=\"") {
        Some((before, after)) if report.starts_with("<?xml") => {
            format!("{before}{}", after.split_once('"').expect("the end of the time").1)
        }
        _ => report,
    }
}

#[test]
fn a_report_that_cannot_be_made_leaves_what_was_there() {
    let folder = Scratch::new("reports/kept");
    folder.write("report", "before");
    let [sarif, junit] = ["sarif", "junit"].map(|format| format!("{format}={}", folder.argument("report")));
    for (arguments, why) in [
        (["--report", &junit], "kept/report: another one does"),
        (["--report", "junit=no/such/r.xml"], "no/such/r.xml: No such file"),
        (["--report", "xunit=x"], "there is no format `xunit`; did you mean `junit`?"),
        (["--report", "json="], "it names no file"),
        (["--only", "nonsense"], "nonsense"),
    ] {
        let ran = run(&[&["--report", &sarif], &arguments[..], &[DEMO]].concat());
        ran.says(why).is_silent_on(".tmp").ends_with(2);
        assert_eq!(folder.read("report"), "before");
        assert_eq!(folder.count(), 1, "nothing else is left there");
    }
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use crate::common::{DEMO, Scratch, program};
    use crate::reports::report_in;

    /// A folder with the demo in it.
    fn with_demo(name: &str) -> Scratch {
        let folder = Scratch::new(name);
        folder.copy(DEMO, "demo/a.json");
        folder
    }

    #[test]
    fn a_report_keeps_permissions_and_follows_links() {
        let folder = with_demo("reports/links");
        folder.write("target", "before");
        fs::set_permissions(folder.join("target"), fs::Permissions::from_mode(0o640)).expect("permissions");
        symlink("target", folder.join("link")).expect("a link");
        folder.run(&["--report", "json=link", "--report", "concise=new", "demo"]);
        assert!(folder.join("link").is_symlink());
        let mode = |name: &str| fs::metadata(folder.join(name)).expect("it is there").permissions().mode();
        assert!(folder.read("target").starts_with('{'));
        assert_eq!(mode("target") & 0o777, 0o640);
        assert_eq!(mode("new") & 0o600, 0o600);
    }

    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        let folder = with_demo("reports/device");
        let ran = folder.run(&["--quiet", "--report", "json-lines=/dev/stderr", "demo"]);
        assert_eq!(ran.stderr, report_in(&folder, "json-lines", &["demo"]));
        assert!(Path::new("/dev/stderr").exists());
    }

    #[test]
    fn a_report_is_made_where_a_link_leads_to_nothing_yet() {
        let folder = with_demo("reports/dangling");
        fs::create_dir(folder.join("out")).expect("a folder");
        for (target, link) in [("out/second", "first"), ("report", "out/second"), ("circle", "circle")] {
            symlink(target, folder.join(link)).expect("a link");
        }
        folder.run(&["--report", "json=first", "demo"]);
        assert!(folder.join("first").is_symlink() && folder.join("out/second").is_symlink());
        assert!(folder.read("out/report").starts_with('{'));
        folder.run(&["--report", "json=circle", "demo"]).ends_with(2);
        assert!(folder.join("circle").is_symlink());
    }

    #[test]
    fn a_report_to_where_a_stream_goes_joins_it() {
        let folder = with_demo("reports/joined");
        for name in ["/dev/stdout", "out.txt"] {
            let status = program()
                .args(["--format", "concise", "--report", &format!("json={name}"), "demo"])
                .current_dir(&*folder)
                .stdout(fs::File::create(folder.join("out.txt")).expect("a file"))
                .status()
                .expect("it runs");
            assert_eq!(status.code(), Some(1));
            let written = folder.read("out.txt");
            let reports = written.lines().filter(|line| line.starts_with("{\"version\":1,")).count();
            let concise = written.lines().filter(|line| line.starts_with("demo/")).count();
            assert!(reports == 1 && concise > 1, "{name}: {written}");
            assert_eq!(folder.count(), 2, "the demo and that file");
        }
    }
}
