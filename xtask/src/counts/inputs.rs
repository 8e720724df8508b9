//! The inputs that are counted: files, and how the program is run on them.

use std::error::Error;
use std::fs;

use crate::counts::dense;
use crate::path;

type Done<T> = Result<T, Box<dyn Error>>;

/// Files of a folder, and how the program is run in there.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) files: Vec<(String, String)>,
    /// Runs that are not counted.
    pub(crate) before: Vec<Vec<&'static str>>,
    pub(crate) arguments: Vec<&'static str>,
}

/// Something that there can be more of.
pub(crate) struct Dimension {
    pub(crate) name: &'static str,
    /// How many there are at first.
    pub(crate) n: usize,
    pub(crate) make: Box<dyn Fn(usize) -> Input + Sync>,
}

const CONCISE: [&str; 4] = ["--config", "none", "--format", "concise"];

impl Input {
    /// A file that is checked in its folder.
    pub(super) fn new(name: &'static str, file: &str, text: String) -> Self {
        let arguments = [&CONCISE[..], &["."]].concat();
        Self { name, files: vec![(file.to_owned(), text)], before: Vec::new(), arguments }
    }

    pub(super) fn format(mut self, format: &'static str) -> Self {
        self.arguments[3] = format;
        self
    }

    /// Prints the fixes instead of a report.
    fn diff(mut self) -> Self {
        self.arguments = vec!["--config", "none", "--diff", "."];
        self
    }

    fn with(mut self, arguments: &[&'static str]) -> Self {
        self.arguments.extend(arguments);
        self
    }

    /// Takes the settings of this text.
    pub(super) fn settings(mut self, settings: String) -> Self {
        self.files.push(("imagelint.toml".to_owned(), settings));
        self.arguments[1] = "imagelint.toml";
        self
    }
}

pub(super) fn base(name: &str) -> Done<String> {
    Ok(fs::read_to_string(path("corpus/valid/base").join(name).with_extension("json"))?)
}

/// The inputs whose cost is fixed.
pub(crate) fn all() -> Done<Vec<Input>> {
    let demo = fs::read_to_string(path("corpus/demo/get-image.json"))?;
    let build = base("listed-build")?;
    let lines: String = base("container")?.lines().map(str::trim_start).collect();
    let mut version = Input::new("the version", "a.json", String::new());
    version.arguments = vec!["--version"];
    let mut kinds = Input::new("captures of all kinds", "a.json", base("linux-ami")?);
    for entry in fs::read_dir(path("corpus/valid/base"))? {
        let entry = entry?;
        kinds.files.push((entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path())?));
    }
    Ok(vec![
        version,
        Input::new("a clean image, linux-ami", "a.json", base("linux-ami")?),
        Input::new("a clean image, container", "a.json", base("container")?),
        kinds,
        Input::new("a clean list with 400 builds", "a.json", list("imageSummaryList", 400, |at| numbered(&build, at))),
        Input::new("200 clean images on a line each", "a.jsonl", on_lines(200, |at| numbered(&lines, at))),
        Input::new("an image with several faults, concise", "a.json", demo.clone()),
        Input::new("an image with several faults, human", "a.json", demo).format("human"),
        Input::new("a list with 400 faults", "a.json", faulty_builds(&build, 400)),
    ])
}

/// What documents, settings and runs can have more of.
pub(crate) fn dimensions() -> Done<Vec<Dimension>> {
    let build = base("listed-build")?;
    let container: String = base("container")?.lines().map(str::trim_start).collect();
    let step = r#"{"stepExecutionId": "step-0f1e2d3c-4b5a-6978-8796-a5b4c3NUMBER", "action": "RunCommand", "status": "COMPLETED"}"#;
    let mut dimensions = documents(&build, step);
    dimensions.extend(runs(&build, &container));
    dimensions.extend(reports(&build));
    dimensions.extend(dense::dimensions()?);
    Ok(dimensions)
}

pub(super) fn dimension(name: &'static str, n: usize, make: impl Fn(usize) -> Input + Sync + 'static) -> Dimension {
    Dimension { name, n, make: Box::new(make) }
}

/// Dimensions of one document.
fn documents(build: &str, step: &'static str) -> Vec<Dimension> {
    let file = |text: String| Input::new("", "a.json", text);
    let (builds, same, faulty) = (build.to_owned(), build.to_owned(), build.to_owned());
    vec![
        dimension("members", 200, move |n| file(image(&each(n, ", ", |at| format!("\"member{at}\": {at}")), ""))),
        dimension("members of a foreign document", 4000, move |n| {
            file(format!("{{{}}}", each(n, ", ", |at| format!("\"member{at}\": {at}"))))
        }),
        dimension("members of one name", 100, move |n| {
            file(image(&each(n, ", ", |_| "\"osVersion\": \"x\"".to_owned()), ""))
        }),
        dimension("items", 100, move |n| file(list("imageSummaryList", n, |at| numbered(&builds, at)))),
        dimension("items with one ARN", 50, move |n| file(list("imageSummaryList", n, |_| same.clone()))),
        // At most 512 levels are read, which cost little: so there are many of them.
        dimension("nesting", 60, move |n| {
            let deep = each(50, ", ", |_| format!("{}{}", "[".repeat(n), "]".repeat(n)));
            file(image(&format!("\"deep\": [{deep}]"), ""))
        }),
        dimension("findings", 50, move |n| file(faulty_builds(&faulty, n))),
        dimension("escapes", 4000, move |n| file(component(&r"\u00e9\n".repeat(n)))),
        dimension("length of a string", 50_000, move |n| file(component(&"a".repeat(n)))),
        dimension("steps", 50, move |n| {
            let steps = list("steps", n, |at| step.replace("NUMBER", &format!("{at:06x}")));
            file(steps.replacen('{', "{\"workflowExecutionId\": \"wf-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\", ", 1))
        }),
        dimension("AMIs", 100, move |n| file(image("", &each(n, ", ", ami)))),
        dimension("AMIs with one id", 50, move |n| file(image("", &each(n, ", ", |_| ami(0))))),
        dimension("distributions", 400, move |n| file(image(&distributions(n, 0), &ami(0)))),
        dimension("target accounts", 2_000, move |n| file(image(&distributions(1, n), &ami(0)))),
        dimension("target accounts that have their AMIs", 150, move |n| {
            file(image(&distributions(1, n), &each(n, ", ", |at| ami(at).replace("123456789012", &account(at)))))
        }),
        dimension("components", 50, move |n| {
            let components = each(n, ", ", |at| format!("{{\"componentArn\": \"{ARN}component/part-{at}/1.0.0/1\"}}"));
            let recipe = format!("\"arn\": \"{ARN}image-recipe/web/1.0.0\", \"name\": \"web\", \"version\": \"1.0.0\"");
            file(image(&format!("\"imageRecipe\": {{{recipe}, \"components\": [{components}]}}"), ""))
        }),
        dimension("tags", 400, move |n| {
            file(image(&format!("\"tags\": {{{}}}", each(n, ", ", |at| format!("\"tag{at}\": \"x\""))), ""))
        }),
    ]
}

/// Dimensions of runs: files, lines, settings.
fn runs(build: &str, container: &str) -> Vec<Dimension> {
    let (files, lines, array) = (build.to_owned(), container.to_owned(), container.to_owned());
    let broken = container.to_owned();
    let (dropped, frozen) = (build.to_owned(), build.to_owned());
    vec![
        dimension("files", 50, move |n| {
            let files = (0..n).map(|at| (format!("{at}.json"), numbered(&files, at)));
            Input { files: files.collect(), ..Input::new("", "", String::new()) }
        }),
        dimension("lines", 50, move |n| Input::new("", "a.jsonl", on_lines(n, |at| numbered(&lines, at)))),
        dimension("lines with a fault of syntax", 30, move |n| {
            Input::new("", "a.jsonl", on_lines(n, |at| numbered(&broken, at).replace("\"state\":", "\"state\"")))
        }),
        dimension("documents in an array", 50, move |n| {
            Input::new("", "a.json", format!("[{}]", each(n, ", ", |at| numbered(&array, at))))
        }),
        dimension("polls of one image", 10, |n| Input::new("", "a.json", har(n, |_| image("", "")))),
        dimension("different captures of one image", 20, |n| {
            let line = |at: usize| image(&format!("\"osVersion\": \"Linux {at}\""), "");
            Input::new("", "a.jsonl", on_lines(n, line))
        }),
        dimension("ignores", 20, |n| {
            let ignores = each(n, "\n", |at| {
                format!(
                    "[[ignore]]\nrule = \"enum-value\"\npath = \"other/{at}/*.json\"\npointer = \"/image/**/x{at}\"\nreason = \"x\""
                )
            });
            Input::new("", "a.json", image("", "")).settings(ignores)
        }),
        dimension("ignored findings", 20, move |n| {
            let ignores = each(n, "\n", |at| {
                format!(
                    "[[ignore]]\nrule = \"enum-value\"\npath = \"*.json\"\npointer = \"/imageSummaryList/{at}/**\"\nreason = \"x\""
                )
            });
            Input::new("", "a.json", faulty_builds(&dropped, n)).settings(ignores)
        }),
        dimension("baseline", 50, move |n| {
            let mut input = Input::new("", "a.json", faulty_builds(&frozen, n)).with(&["--baseline", "frozen.json"]);
            input.before = vec![["--config", "none", "--write-baseline", "--baseline", "frozen.json", "."].to_vec()];
            input
        }),
        dimension("findings of a house schema", 50, |n| {
            let schema = r#"{"properties": {"image": {"additionalProperties": {"type": ["string", "object"]}}}}"#;
            let text = image(&each(n, ", ", |at| format!("\"member{at}\": {at}")), "");
            let settings = "[levels]\nunknown-member = \"off\"\n[[house-schema]]\nfile = \"schema.txt\"\nkinds = [\"get-image\"]\n";
            let mut input = Input::new("", "a.json", text).settings(settings.to_owned());
            input.files.push(("schema.txt".to_owned(), schema.to_owned()));
            input
        }),
    ]
}

/// Dimensions of reports and fixes: the number of findings.
fn reports(build: &str) -> Vec<Dimension> {
    let formats = [
        ("findings, human", "human"),
        ("findings, json", "json"),
        ("findings, sarif", "sarif"),
        ("findings, gitlab", "gitlab"),
        ("findings, junit", "junit"),
        ("findings, markdown", "markdown"),
        ("findings, html", "html"),
    ];
    let of = |(name, format): (&'static str, &'static str)| {
        let build = build.to_owned();
        dimension(name, 30, move |n| Input::new("", "a.json", faulty_builds(&build, n)).format(format))
    };
    let (fixed, refused) = (build.to_owned(), build.to_owned());
    let mut dimensions: Vec<Dimension> = formats.into_iter().map(of).collect();
    dimensions.push(dimension("fixes", 30, move |n| Input::new("", "a.json", faulty_builds(&fixed, n)).diff()));
    dimensions.push(dimension("fixes in objects with a member twice", 30, move |n| {
        let twice = refused.replacen('{', "{\"status\": 1, \"status\": 1,", 1);
        Input::new("", "a.json", faulty_builds(&twice, n)).diff()
    }));
    dimensions
}

pub(super) const ARN: &str = "arn:aws:imagebuilder:us-west-2:123456789012:";

pub(super) fn each(n: usize, between: &str, text: impl Fn(usize) -> String) -> String {
    (0..n).map(text).collect::<Vec<_>>().join(between)
}

/// An image with further members, and with AMIs if any.
pub(super) fn image(members: &str, amis: &str) -> String {
    let comma = if members.is_empty() { "" } else { ", " };
    let output = if amis.is_empty() { String::new() } else { format!(", \"outputResources\": {{\"amis\": [{amis}]}}") };
    format!(
        "{{\"image\": {{\"arn\": \"{ARN}image/web/1.0.0/1\", \"name\": \"web\", \"version\": \"1.0.0/1\", \
         \"platform\": \"Linux\", \"state\": {{\"status\": \"AVAILABLE\"}}{output}{comma}{members}}}}}"
    )
}

pub(super) fn ami(at: usize) -> String {
    // Ids without a pattern: others are those of documentation, which rules are silent on.
    let digits = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let id = format!("\"region\": \"us-west-2\", \"image\": \"ami-0{digits:016x}\"");
    format!("{{{id}, \"name\": \"web 2026-09-03T05-44-21.121Z\", \"accountId\": \"123456789012\"}}")
}

pub(super) fn account(at: usize) -> String {
    format!("{}", 222_222_222_222 + at)
}

pub(super) fn distributions(regions: usize, accounts: usize) -> String {
    let accounts = each(accounts, ", ", |at| format!("\"{}\"", account(at)));
    let targets = if accounts.is_empty() { String::new() } else { format!(", \"targetAccountIds\": [{accounts}]") };
    let distributions = each(regions, ", ", |at| {
        let name = format!("\"name\": \"web {{{{ imagebuilder:buildDate }}}}\"{targets}");
        let region = if at == 0 { "us-west-2".to_owned() } else { format!("us-west-{}", at + 10) };
        format!("{{\"region\": \"{region}\", \"amiDistributionConfiguration\": {{{name}}}}}")
    });
    let configuration =
        format!("\"arn\": \"{ARN}distribution-configuration/web\", \"name\": \"web\", \"timeoutMinutes\": 60");
    format!("\"distributionConfiguration\": {{{configuration}, \"distributions\": [{distributions}]}}")
}

/// A component with a text in its data.
fn component(data: &str) -> String {
    format!(
        "{{\"component\": {{\"arn\": \"{ARN}component/web/1.0.0/1\", \"name\": \"web\", \"version\": \"1.0.0\", \
         \"type\": \"BUILD\", \"platform\": \"Linux\", \"data\": \"{data}\"}}}}"
    )
}

pub(super) fn list(member: &str, n: usize, entry: impl Fn(usize) -> String) -> String {
    format!("{{\"{member}\": [{}]}}", each(n, ", ", entry))
}

/// A capture of version 1.2.3 as one of another.
pub(super) fn numbered(capture: &str, at: usize) -> String {
    capture.replace("1.2.3", &format!("1.2.{at}"))
}

pub(super) fn faulty_builds(build: &str, n: usize) -> String {
    list("imageSummaryList", n, |at| numbered(build, at).replace("AVAILABLE", "available"))
}

pub(super) fn on_lines(n: usize, line: impl Fn(usize) -> String) -> String {
    each(n, "", |at| format!("{}\n", line(at)))
}

/// Responses that hold images, as a browser or proxy records them.
pub(super) fn har(polls: usize, image: impl Fn(usize) -> String) -> String {
    let request = "\"request\": {\"url\": \"https://imagebuilder.us-west-2.amazonaws.com/GetImage\"}";
    let entries = each(polls, ", ", |at| {
        let text = image(at).replace('"', "\\\"");
        let content = format!("\"content\": {{\"mimeType\": \"application/json\", \"text\": \"{text}\"}}");
        format!("{{{request}, \"response\": {{{content}}}}}")
    });
    format!("{{\"log\": {{\"version\": \"1.2\", \"entries\": [{entries}]}}}}")
}
