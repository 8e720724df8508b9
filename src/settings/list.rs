//! The list of settings. A new one is a value of type [`Setting`] and a line in [`SETTINGS`].

use std::path::{Path, PathBuf};

use bytesize::ByteSize;
use serde_json::{Value, json};

use crate::finding::Level;
use crate::lint::levels::assigned;
use crate::model::release::{ModelVersion, NEWEST};
use crate::settings::house::HouseSchemas;
use crate::settings::ignore::Ignores;
use crate::settings::levels::{RuleLevel, read_levels, show_levels};
use crate::settings::overrides::Overrides;
use crate::settings::path_globs::PathGlobs;
use crate::settings::reader::{Source, Table, WithSpan};
use crate::settings::setting::{AnySetting, Argument, Flag, Given, InFile, SetBy, Setting, replace_file_value};
use crate::settings::show::quoted;
use crate::text::suggest;

/// Every setting, in the order in which `imagelint config` prints them.
pub(crate) static SETTINGS: &[&dyn AnySetting] = &[
    &ONLY,
    &FAIL_ON,
    &PEDANTIC,
    &EXCLUDE,
    &OWN,
    &BASELINE,
    &MODEL,
    &MAX_SIZE,
    &LEVELS,
    &OVERRIDE,
    &IGNORE,
    &HOUSE_SCHEMA,
];

/// The defaults of a flag, for `..ARGUMENT`.
const ARGUMENT: Argument =
    Argument { name: "", help: "", value: None, values: &[], check: |_| Ok(()), is_list: false, order: 0 };

/// The rules that run; empty for all.
pub(super) static ONLY: Setting<Vec<String>> = Setting {
    key: "only",
    default: Vec::new,
    is_of_run: false,
    in_file: None,
    flag: Some(Flag {
        argument: Argument {
            name: "only",
            help: "Run these rules only",
            value: Some("RULE"),
            is_list: true,
            order: 2,
            ..ARGUMENT
        },
        read: |rules| Ok(rules.to_vec()),
        merge: replace_file_value,
    }),
    show: |only, printer| {
        if !only.value.is_empty() {
            printer.line(&format!("# only these rules run: {}", only.value.join(", ")), only.set_by);
        }
    },
};

/// The lowest level that fails a run; none where no finding does.
pub(super) static FAIL_ON: Setting<Option<Level>> = Setting {
    key: "fail-on",
    default: || Some(Level::Error),
    is_of_run: true,
    in_file: Some(InFile {
        read: |table, key, _| table.text_as(key, failing_level),
        schema: || {
            json!({
                "description": "The lowest level that fails the run, or `never`; `error` by default.",
                "enum": FAILING
            })
        },
    }),
    flag: Some(Flag {
        argument: Argument {
            name: "fail-on",
            help: "The lowest level that fails the run, or never [default: error]",
            value: Some("FAIL_ON"),
            values: FAILING,
            order: 4,
            ..ARGUMENT
        },
        read: |values| failing_level(values.last().map_or("error", String::as_str)),
        merge: replace_file_value,
    }),
    show: |level, printer| {
        let name = level.value.map_or(NEVER, Level::name);
        printer.line(&format!("fail-on = {}", quoted(name)), level.set_by);
    },
};

/// The value of `fail-on` with which findings never fail a run.
const NEVER: &str = "never";

/// The values of `fail-on`.
const FAILING: &[&str] = &["error", "warning", "info", NEVER];

fn failing_level(text: &str) -> Result<Option<Level>, String> {
    match Level::from_name(text).filter(|level| *level != Level::Off) {
        None if text != NEVER => {
            let otherwise = "the levels here are `error`, `warning`, `info` and `never`";
            Err(suggest::unknown("level", text, FAILING.iter().copied(), otherwise))
        }
        level => Ok(level),
    }
}

/// Whether the rules that are off by default run.
pub(super) static PEDANTIC: Setting<bool> = Setting {
    key: "pedantic",
    default: || false,
    is_of_run: false,
    in_file: Some(InFile {
        read: |table, key, _| table.flag(key),
        schema: || json!({ "description": "Whether the rules that are off by default run, too.", "type": "boolean" }),
    }),
    flag: Some(Flag {
        argument: Argument {
            name: "pedantic",
            help: "Also run the rules that are off by default",
            order: 3,
            ..ARGUMENT
        },
        read: |_| Ok(true),
        merge: replace_file_value,
    }),
    show: |pedantic, printer| printer.line(&format!("pedantic = {}", pedantic.value), pedantic.set_by),
};

/// Paths that are not checked.
pub(super) static EXCLUDE: Setting<PathGlobs> = Setting {
    key: "exclude",
    default: PathGlobs::default,
    is_of_run: false,
    in_file: Some(InFile {
        read: path_globs,
        schema: || path_globs_schema("Globs of files and folders that are not checked."),
    }),
    flag: None,
    show: |excludes, printer| excludes.value.show("exclude", printer),
};

/// Paths where each file must be from Image Builder.
pub(super) static OWN: Setting<PathGlobs> = Setting {
    key: "own",
    default: PathGlobs::default,
    is_of_run: false,
    in_file: Some(InFile {
        read: path_globs,
        schema: || {
            path_globs_schema(
                "Globs of files and folders where each file must be an Image Builder document: there a file that is \
                 none, is not JSON or is empty is reported, even in a directory.",
            )
        },
    }),
    flag: None,
    show: |own, printer| own.value.show("own", printer),
};

fn path_globs(table: Table<'_>, key: &'static str, source: &Source<'_>) -> Option<WithSpan<PathGlobs>> {
    let globs = table.globs(key);
    let span = table.span_of(key)?;
    Some(WithSpan { value: PathGlobs::new(source.folder.clone(), globs), span })
}

fn path_globs_schema(description: &str) -> Value {
    json!({ "description": description, "type": "array", "items": { "$ref": "#/$defs/glob" } })
}

/// The file of a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BaselineFile {
    /// The path as written.
    written: String,
    /// The path from the working directory.
    pub(super) path: PathBuf,
}

/// The file of the baseline, if any.
pub(super) static BASELINE: Setting<Option<BaselineFile>> = Setting {
    key: "baseline",
    default: || None,
    is_of_run: true,
    in_file: Some(InFile {
        read: |table, key, source| {
            table.text_as(key, |text| match text {
                "" => Err("an empty path names no file".to_owned()),
                written => {
                    // The path is relative to the folder of the settings file.
                    let path = Path::new(source.name).with_file_name(written);
                    Ok(Some(BaselineFile { written: written.to_owned(), path }))
                }
            })
        },
        schema: || {
            json!({
                "description": "The baseline: the file of known findings, which are not reported.",
                "type": "string",
                "minLength": 1
            })
        },
    }),
    flag: Some(Flag {
        argument: Argument {
            name: "baseline",
            help: "Report only the findings that are not in this file; `none` reports all",
            value: Some("FILE|none"),
            order: 5,
            ..ARGUMENT
        },
        read: |values| {
            let named = values.last().filter(|value| *value != "none");
            Ok(named.map(|written| BaselineFile { written: written.clone(), path: PathBuf::from(written) }))
        },
        merge: replace_file_value,
    }),
    show: |baseline, printer| {
        if let Some(file) = &baseline.value {
            printer.line(&format!("baseline = {}", quoted(&file.written)), baseline.set_by);
        }
    },
};

/// The version of the service model that the readers of the documents have, if known.
pub(super) static MODEL: Setting<Option<ModelVersion>> = Setting {
    key: "model",
    default: || None,
    is_of_run: true,
    in_file: Some(InFile {
        read: |table, key, _| table.text_as(key, |text| text.parse().map(Some)),
        schema: || {
            json!({
                "description": "The version of botocore whose model of the service the readers of the documents have; \
                                what came later is noted. The newest that is known where it is left out.",
                "type": "string",
                "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$"
            })
        },
    }),
    flag: Some(Flag {
        argument: Argument {
            name: "model",
            help: "Also note what is newer than the service model of this version of botocore",
            value: Some("VERSION"),
            check: |text| text.parse::<ModelVersion>().map(drop),
            order: 6,
            ..ARGUMENT
        },
        read: |values| values.last().map(|text| text.parse()).transpose(),
        merge: replace_file_value,
    }),
    show: |model, printer| printer.line(&format!("model = \"{}\"", model.value.unwrap_or(NEWEST)), model.set_by),
};

/// A size in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Size {
    /// The size as written.
    written: String,
    /// The number of bytes; the greatest one for no limit.
    pub(super) bytes: usize,
}

/// The limit for the size of one document where none is set, in bytes.
pub(crate) const MAX_DOCUMENT_SIZE: usize = 256 << 20;

/// The limit for the size of one document.
pub(super) static MAX_SIZE: Setting<Size> = Setting {
    key: "max-document-size",
    default: || Size { written: "256MiB".to_owned(), bytes: MAX_DOCUMENT_SIZE },
    is_of_run: true,
    in_file: Some(InFile {
        read: |table, key, _| table.size_as(key, size),
        schema: || {
            json!({
                "description": "The limit for the size of one document, such as `64MiB`, or a number of bytes; 0 is no \
                                limit. 256 MiB where it is left out.",
                "anyOf": [{ "type": "string", "pattern": "^[0-9]" }, { "type": "integer", "minimum": 0 }]
            })
        },
    }),
    flag: Some(Flag {
        argument: Argument {
            name: "max-document-size",
            help: "The limit for the size of one document, such as `64MiB`; 0 for none [default: 256MiB]",
            value: Some("SIZE"),
            check: |text| size(text).map(drop),
            order: 7,
            ..ARGUMENT
        },
        read: |values| size(values.last().map_or("0", String::as_str)),
        merge: replace_file_value,
    }),
    show: |size, printer| {
        printer.line(&format!("max-document-size = {}", quoted(&size.value.written)), size.set_by);
    },
};

fn size(text: &str) -> Result<Size, String> {
    let size: ByteSize = text.parse().map_err(|_| format!("`{text}` is no size such as `64MiB`"))?;
    let bytes = usize::try_from(size.as_u64()).ok().filter(|bytes| *bytes > 0).unwrap_or(usize::MAX);
    Ok(Size { written: text.to_owned(), bytes })
}

/// The levels of rules, in the order in which they are given; later ones override earlier ones.
pub(super) static LEVELS: Setting<Vec<RuleLevel>> = Setting {
    key: "levels",
    default: Vec::new,
    is_of_run: false,
    in_file: Some(InFile {
        read: |table, key, _| {
            let table = table.table(key)?;
            Some(WithSpan { value: read_levels(table), span: table.span })
        },
        schema: || json!({ "$ref": "#/$defs/levels" }),
    }),
    flag: Some(Flag {
        argument: Argument {
            name: "level",
            help: "Set the level of a rule: error, warning, info or off",
            value: Some("RULE=LEVEL"),
            is_list: true,
            order: 1,
            ..ARGUMENT
        },
        read: |assignments| {
            let level = |assignment: &String| {
                let (rule, value) = assigned(assignment)?;
                Ok((rule, Given { value, set_by: SetBy::CommandLine }))
            };
            assignments.iter().map(level).collect()
        },
        merge: |in_file, flag| in_file.into_iter().chain(flag).collect(),
    }),
    show: show_levels,
};

/// Levels of rules in some files only.
pub(super) static OVERRIDE: Setting<Overrides> = Setting {
    key: "override",
    default: Overrides::default,
    is_of_run: false,
    in_file: Some(InFile {
        read: |table, key, source| Some(table.tables(key)?.map(|tables| Overrides::read(tables, source))),
        schema: Overrides::schema,
    }),
    flag: None,
    show: |overrides, printer| {
        if printer.path().is_none() {
            overrides.value.show(printer);
        }
    },
};

/// Findings that are not reported.
pub(super) static IGNORE: Setting<Ignores> = Setting {
    key: "ignore",
    default: Ignores::default,
    is_of_run: false,
    in_file: Some(InFile {
        read: |table, key, source| Some(table.tables(key)?.map(|tables| Ignores::read(tables, source))),
        schema: Ignores::schema,
    }),
    flag: None,
    show: |ignores, printer| ignores.value.show(printer),
};

/// A team's own JSON Schemas.
pub(super) static HOUSE_SCHEMA: Setting<HouseSchemas> = Setting {
    key: "house-schema",
    default: HouseSchemas::default,
    is_of_run: false,
    in_file: Some(InFile {
        read: |table, key, source| Some(table.tables(key)?.map(|tables| HouseSchemas::read(tables, source))),
        schema: HouseSchemas::schema,
    }),
    flag: None,
    show: |schemas, printer| schemas.value.show(printer),
};
