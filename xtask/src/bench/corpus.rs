//! The documents that are measured: clean captures, made from the fixtures of `corpus/valid/base/`.

use std::error::Error;
use std::fs;

use fastrand::Rng;
use regex::Regex;

use crate::captures::Template;
use crate::path;

/// GetImage responses, with how many of 100 captures are like them.
const IMAGES: [(&str, u32); 10] = [
    ("linux-ami", 14),
    ("windows-fast-launch", 13),
    ("macos-dedicated-host", 12),
    ("china", 13),
    ("govcloud", 13),
    ("failed-build", 13),
    ("container", 10),
    ("early-2020", 4),
    ("iso-import", 4),
    ("vm-import", 4),
];

/// How many components a recipe has more than its fixture.
const MORE_COMPONENTS: [usize; 4] = [0, 2, 5, 10];

/// Lists: the member that holds the entries, and a fixture that is one of them.
const LISTS: [(&str, &str); 4] = [
    ("imageSummaryList", "listed-build"),
    ("imageVersionList", "listed-image"),
    ("workflowVersionList", "listed-workflow"),
    ("lifecycleExecutions", "listed-lifecycle-execution"),
];

/// Fixtures that are skipped in a folder, as they could be anything, and one that is more than JSON.
const SKIPPED: [&str; 16] = [
    "block-device-mappings-option",
    "create-infrastructure-configuration-request",
    "image-state",
    "list-images-request",
    "logging-option",
    "pcluster-list-images-empty",
    "policy-details-option",
    "query-amis",
    "query-block-devices",
    "query-containers",
    "query-output",
    "query-output-of-containers",
    "raw-http",
    "resource-selection-option",
    "schedule-option",
    "tagged",
];

/// Edits of a capture of `linux-ami` that bring one finding each.
const FAULTS: [(&str, &str); 9] = [
    (r#""type": "AMI""#, r#""type": "ami""#),
    (r#""enhancedImageMetadataEnabled": true"#, r#""enhancedImageMetadataEnabled": "true""#),
    (r#""volumeType": "gp3""#, r#""volumeType": "gp-3""#),
    (r#""tenancy": "default""#, r#""tenancy": "shared""#),
    (r#""timeoutMinutes": 720"#, r#""timeoutMinutes": 7200"#),
    (r#""buildType": "SCHEDULED""#, r#""buildType": "WEEKLY""#),
    (r#""status": "COMPLETED""#, r#""status": "DONE""#),
    (r#""httpTokens": "required""#, r#""httpTokens": "yes""#),
    (r#""subnetId": "subnet-"#, r#""subnetId": "net-"#),
];
/// How many findings [`with_all_faults`] makes.
pub(crate) const FAULTS_IN_ALL: usize = FAULTS.len();

/// Makes captures.
pub(crate) struct Corpus {
    images: Vec<(Template, u32)>,
    any: Vec<Template>,
    lists: Vec<(&'static str, Template)>,
}

impl Corpus {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let mut images = Vec::new();
        for (name, weight) in IMAGES {
            let fixture = fixture(name)?;
            for more in MORE_COMPONENTS {
                images.push((Template::new(&with_components(&fixture, more)?)?, weight));
            }
        }
        let mut any = Vec::new();
        let mut names: Vec<_> = fs::read_dir(path(BASE))?.collect::<Result<_, _>>()?;
        names.sort_by_key(fs::DirEntry::file_name);
        for entry in names {
            let file = entry.path();
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            if file.extension().is_some_and(|extension| extension == "json") && !SKIPPED.contains(&&*name) {
                any.push(Template::new(&fs::read_to_string(&file)?)?);
            }
        }
        let lists = LISTS.iter().map(|&(member, entry)| Ok((member, Template::new(&fixture(entry)?)?)));
        Ok(Self { images, any, lists: lists.collect::<Result<_, Box<dyn Error>>>()? })
    }

    /// Appends a GetImage response.
    pub(crate) fn image(&self, rng: &mut Rng, capture: &mut String) {
        let all: u32 = self.images.iter().map(|(_, weight)| weight).sum();
        let mut chosen = rng.u32(..all);
        for (template, weight) in &self.images {
            if chosen < *weight {
                return template.fill(rng, capture);
            }
            chosen -= weight;
        }
    }

    /// Appends a capture of any kind: about half are images, a fifth lists.
    pub(crate) fn any(&self, rng: &mut Rng, capture: &mut String) {
        match rng.u8(..10) {
            0..5 => self.image(rng, capture),
            5..7 => {
                let (list, entries) = (rng.usize(..self.lists.len()), rng.usize(1..80));
                self.list(list, entries, rng, capture);
            }
            _ => self.small(rng, capture),
        }
    }

    /// Appends a capture like any fixture; they have 1.5 KB on average.
    pub(crate) fn small(&self, rng: &mut Rng, capture: &mut String) {
        self.any[rng.usize(..self.any.len())].fill(rng, capture);
    }

    /// Appends a capture of `linux-ami`, the largest of the fixtures.
    pub(crate) fn linux(&self, rng: &mut Rng, capture: &mut String) {
        self.images[0].0.fill(rng, capture);
    }

    /// Appends a list with as many entries.
    pub(crate) fn list(&self, list: usize, entries: usize, rng: &mut Rng, capture: &mut String) {
        let (member, entry) = &self.lists[list];
        capture.push_str("{\n\"");
        capture.push_str(member);
        capture.push_str("\": [");
        for index in 0..entries {
            capture.push_str(if index == 0 { "\n" } else { ",\n" });
            entry.fill(rng, capture);
            capture.truncate(capture.trim_end().len());
        }
        capture.push_str("\n]\n}\n");
    }
}

const BASE: &str = "corpus/valid/base";

fn fixture(name: &str) -> Result<String, Box<dyn Error>> {
    let file = path(BASE).join(name).with_extension("json");
    fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()).into())
}

/// The capture with more components in its recipe, if it has one.
fn with_components(fixture: &str, more: usize) -> Result<String, Box<dyn Error>> {
    let recipe = Regex::new(r#""arn": "(arn:[a-z-]+:imagebuilder:[a-z0-9-]+:[0-9]{12}:)(?:image|container)-recipe/"#)?;
    let list = Regex::new(r#""imageRecipe": \{[^\[]*"components": \["#)?;
    let (Some(recipe), Some(list)) = (recipe.captures(fixture), list.find(fixture)) else {
        return Ok(fixture.to_owned());
    };
    let components = (0..more).map(|index| {
        let arn = format!("{}component/install-part-{index}/1.{index}.0/1", &recipe[1]);
        let parameters = r#""parameters": [{ "name": "Channel", "value": ["stable"] }]"#;
        format!("\n        {{ \"componentArn\": \"{arn}\", {parameters} }},")
    });
    Ok([&fixture[..list.end()], &components.collect::<String>(), &fixture[list.end()..]].concat())
}

/// Puts a fault into a capture: one of the edits, or the end is missing.
pub(crate) fn with_a_fault(rng: &mut Rng, capture: &mut String) {
    let fitting: Vec<_> = FAULTS.iter().filter(|(good, _)| capture.contains(good)).collect();
    match fitting.get(rng.usize(..=fitting.len())) {
        Some((good, bad)) => *capture = capture.replacen(good, bad, 1),
        None => capture.truncate(capture.trim_end().len() - 1),
    }
}

/// Puts all faults into a capture of `linux-ami`.
pub(crate) fn with_all_faults(capture: &mut String) {
    for (good, bad) in FAULTS {
        *capture = capture.replacen(good, bad, 1);
    }
}

/// A capture on one line.
pub(crate) fn on_one_line(capture: &str, line: &mut String) {
    let (mut in_string, mut escaped) = (false, false);
    for character in capture.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_string = !in_string,
            ' ' | '\n' | '\r' | '\t' if !in_string => continue,
            _ => {}
        }
        line.push(character);
    }
    line.push('\n');
}
