//! The settings of a run as an `imagelint.toml`, with where each came from in comments.

use std::fmt::Write as _;

use serde_json::Value;

use crate::finding::Level;
use crate::lint::levels::assigned;
use crate::model::release::NEWEST;
use crate::settings::Settings;
use crate::settings::file::File;
use crate::settings::ignore::Ignore;

/// Where a setting comes from that the command line gives.
const COMMAND_LINE: &str = "command line";
/// Where one comes from that nobody gives.
const DEFAULT: &str = "default";

/// The settings as text.
pub fn settings(settings: &Settings) -> String {
    let Settings { flags, file, .. } = settings;
    let file = file.as_ref();
    let place = |span: Option<_>| span.zip(file).map_or(DEFAULT.to_owned(), |(span, file)| file.place(span));
    let mut text = match file {
        Some(file) => format!("# settings file: {}\n", file.name()),
        None => "# settings file: none\n".to_owned(),
    };
    if !flags.only.is_empty() {
        line(&mut text, &format!("# only these rules run: {}", flags.only.join(", ")), COMMAND_LINE);
    }
    let fail_on = flags.fail_on.map(|_| COMMAND_LINE.to_owned());
    let in_file = || place(file.and_then(|file| file.fail_on.as_ref()).map(|level| level.span));
    let fail_on = fail_on.unwrap_or_else(in_file);
    line(&mut text, &format!("fail-on = {}", quoted(settings.fail_on().name())), &fail_on);
    let in_file = file.and_then(|file| file.pedantic.as_ref());
    match (flags.pedantic, in_file) {
        (true, _) => line(&mut text, "pedantic = true", COMMAND_LINE),
        (false, set) => {
            let pedantic = format!("pedantic = {}", set.is_some_and(|set| set.value));
            line(&mut text, &pedantic, &place(set.map(|set| set.span)));
        }
    }
    excludes(&mut text, file);
    if let Some(path) = settings.baseline() {
        let in_file = file.and_then(|file| file.baseline.as_ref()).filter(|_| flags.baseline.is_none());
        let place = in_file.zip(file).map_or(COMMAND_LINE.to_owned(), |(named, file)| file.place(named.span));
        let path = in_file.map_or_else(|| path.display().to_string(), |named| named.value.clone());
        line(&mut text, &format!("baseline = {}", quoted(&path)), &place);
    }
    let in_file = file.and_then(|file| file.model.as_ref()).filter(|_| flags.model.is_none());
    let place = if flags.model.is_some() { COMMAND_LINE.to_owned() } else { place(in_file.map(|model| model.span)) };
    line(&mut text, &format!("model = \"{}\"", settings.model().unwrap_or(NEWEST)), &place);
    levels(&mut text, settings);
    if let Some(file) = file {
        for ignore in &file.ignores.entries {
            text.push_str(&ignored(ignore, &file.place(ignore.rule.span)));
        }
        for entry in &file.house {
            let schema = &entry.value;
            let kinds: Vec<String> = schema.kinds.iter().map(|kind| quoted(kind.name)).collect();
            let (name, level) = (quoted(&schema.name), quoted(schema.level.name()));
            text.push('\n');
            line(&mut text, "[[house-schema]]", &file.place(entry.span));
            write!(text, "file = {name}\nkinds = [{}]\nlevel = {level}\n", kinds.join(", "))
                .expect("a String takes all");
        }
    }
    text
}

fn excludes(text: &mut String, file: Option<&File>) {
    let Some(file) = file.filter(|file| !file.exclude.globs.is_empty()) else {
        return line(text, "exclude = []", DEFAULT);
    };
    text.push_str("exclude = [\n");
    for glob in &file.exclude.globs {
        line(text, &format!("  {},", quoted(glob.value.0.glob())), &file.place(glob.span));
    }
    text.push_str("]\n");
}

/// The levels in the order in which they were given, without those that were overridden.
fn levels(text: &mut String, settings: &Settings) {
    let mut given: Vec<(&str, Level, String)> = Vec::new();
    if let Some(file) = &settings.file {
        given.extend(file.levels.iter().map(|(rule, level)| (rule.value, *level, file.place(rule.span))));
    }
    for (rule, level) in settings.flags.level.iter().filter_map(|assignment| assigned(assignment).ok()) {
        given.retain(|(earlier, ..)| *earlier != rule);
        given.push((rule, level, COMMAND_LINE.to_owned()));
    }
    text.push_str("\n[levels]\n");
    for (rule, level, place) in given {
        line(text, &format!("{rule} = {}", quoted(level.name())), &place);
    }
}

fn ignored(ignore: &Ignore, place: &str) -> String {
    let mut text = "\n".to_owned();
    line(&mut text, "[[ignore]]", place);
    let path = ignore.path.as_ref().map(|(glob, _)| glob);
    let fields = [("path", path), ("pointer", ignore.pointer.as_ref()), ("reason", Some(&ignore.reason))];
    writeln!(text, "rule = {}", quoted(ignore.rule.value)).expect("a String takes all");
    for (key, value) in fields.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        writeln!(text, "{key} = {}", quoted(value)).expect("a String takes all");
    }
    if let Some(expires) = &ignore.expires {
        writeln!(text, "expires = {}", expires.value.date).expect("a String takes all");
    }
    text
}

/// Adds a line with a comment.
fn line(text: &mut String, setting: &str, comment: &str) {
    writeln!(text, "{setting} # {comment}").expect("a String takes all");
}

/// A string as TOML writes it; JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
