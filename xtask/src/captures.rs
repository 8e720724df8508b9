//! Captures like real ones, as many as are wanted: fixtures of the corpus whose names, versions, accounts, Regions, ids
//! and dates take new values from a seed. Each is as clean as its fixture.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::Date;
use regex::{Captures, Regex};

/// Regions that stand for each other in a capture.
const REGIONS: [&str; 12] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];

/// A document with gaps.
pub(crate) struct Template {
    pieces: Vec<Piece>,
    gaps: Vec<Gap>,
}

enum Piece {
    Text(String),
    /// An index of a gap: what is equal in the fixture stays equal.
    Gap(usize),
}

enum Gap {
    Uuid,
    /// The 17 digits behind `ami-` and the like.
    Id,
    Account,
    Region,
    /// All dates of a capture move by one number of days: they stay in order.
    Date(Date),
    /// The last number of the image's version.
    Patch,
    /// A word more in the image's name.
    Word,
}

impl Template {
    /// Finds what can vary in a fixture.
    pub(crate) fn new(fixture: &str) -> Result<Self, Box<dyn Error>> {
        let mut template = Self { pieces: Vec::new(), gaps: Vec::new() };
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut end = 0;
        for captures in pattern(fixture)?.captures_iter(fixture) {
            let Some(found) = found(&captures)? else { continue };
            let all = captures.get_match();
            template.text(&fixture[end..all.start()]);
            template.text(&found.kept);
            let index = *known.entry(found.key).or_insert_with(|| {
                template.gaps.push(found.gap);
                template.gaps.len() - 1
            });
            template.pieces.push(Piece::Gap(index));
            // The `T` behind a date is only looked at.
            end = captures.name("date").map_or(all.end(), |date| date.end());
        }
        template.text(&fixture[end..]);
        Ok(template)
    }

    fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    /// Appends a capture.
    pub(crate) fn fill(&self, rng: &mut Rng, capture: &mut String) {
        let mut regions = REGIONS;
        rng.shuffle(&mut regions);
        let mut regions = regions.into_iter().cycle();
        let days = rng.i32(0..60);
        let values: Vec<String> = self.gaps.iter().map(|gap| gap.value(rng, &mut regions, days)).collect();
        for piece in &self.pieces {
            capture.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Gap(index) => &values[*index],
            });
        }
    }
}

impl Gap {
    fn value(&self, rng: &mut Rng, regions: &mut impl Iterator<Item = &'static str>, days: i32) -> String {
        match self {
            Self::Uuid => {
                let digits = format!("{:032x}", rng.u128(..));
                let groups = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
                groups.join("-")
            }
            Self::Id => format!("0{:016x}", rng.u64(..)),
            Self::Account => format!("{}", rng.u64(200_000_000_000..1_000_000_000_000)),
            Self::Region => regions.next().unwrap_or_default().to_owned(),
            Self::Date(date) => date.checked_sub(days.days()).unwrap_or(*date).to_string(),
            Self::Patch => rng.u16(..1000).to_string(),
            // Without `x`, of which placeholders consist.
            Self::Word => (0..6).map(|_| rng.char('a'..='w')).collect(),
        }
    }
}

/// The pattern of what varies in a fixture; the name and version are those of its own image, if it has one.
fn pattern(fixture: &str) -> Result<Regex, Box<dyn Error>> {
    let mut pattern = format!(
        r"(?<uuid>\b[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}\b)|\b(?<prefix>[a-z]{{1,6}}-)(?<id>0[0-9a-f]{{16}})\b|(?<account>\b[0-9]{{12}}\b)|(?<region>{})|(?<date>\b20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}})T",
        REGIONS.join("|")
    );
    let own = Regex::new(r":[0-9]{12}:image/([a-z0-9-]+)/([0-9]+\.[0-9]+\.)([0-9]+)")?;
    if let Some(own) = own.captures(fixture) {
        let name = own[1].replace('-', "[-_ ]");
        write!(pattern, r"|(?<name>(?i:\b{name}\b))")?;
        // A notification has the version once more, as one number.
        if !fixture.contains("semver") {
            write!(pattern, r"|(?<minor>\b{})(?<patch>{}\b)", regex::escape(&own[2]), &own[3])?;
        }
    }
    Ok(Regex::new(&pattern)?)
}

/// A match: what stays of its text before the gap, what is equal for all matches of one gap, and the gap.
struct Found {
    kept: String,
    key: String,
    gap: Gap,
}

fn found(captures: &Captures<'_>) -> Result<Option<Found>, Box<dyn Error>> {
    let group = |name: &str| captures.name(name).map(|group| group.as_str());
    let whole = |gap| Found { kept: String::new(), key: captures[0].to_owned(), gap };
    let behind = |kept: &str, key: &str, gap| Found { kept: kept.to_owned(), key: key.to_owned(), gap };
    Ok(Some(if group("uuid").is_some() {
        whole(Gap::Uuid)
    } else if let (Some(prefix), Some(id)) = (group("prefix"), group("id")) {
        behind(prefix, id, Gap::Id)
    } else if group("account").is_some() {
        whole(Gap::Account)
    } else if group("region").is_some() {
        whole(Gap::Region)
    } else if let Some(date) = group("date") {
        behind("", date, Gap::Date(date.parse()?))
    } else if let Some(name) = group("name") {
        let separator = name.chars().find(|separator| "-_ ".contains(*separator)).unwrap_or('-');
        behind(&format!("{name}{separator}"), "name", Gap::Word)
    } else if let Some(minor) = group("minor") {
        behind(minor, "patch", Gap::Patch)
    } else {
        return Ok(None);
    }))
}
