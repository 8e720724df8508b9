//! Generates the constant tables of `src/model/` and `src/aws/` from the JSON Schemas, the history of the service model
//! and the names of other models in `schemas/`. A keyword that the tables cannot express stops the build. Also embeds the pages of the rules.

#![expect(clippy::print_stdout, reason = "so a build script speaks to cargo")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[path = "../src/model/name_hash.rs"]
mod name_hash;
mod pattern;
mod signs;

use serde_json::{Map, Value};

const SCHEMAS: &[&str] = &["imagebuilder.json", "sns.json", "envelopes.json", "events.json", "pcluster.json"];

fn main() {
    let mut shapes = BTreeMap::new();
    let mut model = None;
    let mut models = BTreeMap::new();
    for file in SCHEMAS {
        let schema = read(file);
        let path = format!("schemas/{file}");
        let fields = schema.get("x-model");
        model = model.or_else(|| fields.cloned());
        for (name, definition) in schema["$defs"].as_object().expect("a schema file has $defs") {
            let mut definition = definition.clone();
            make_local(&mut definition);
            let Value::Object(definition) = definition else { panic!("{path}: {name} is no object") };
            models.extend(fields.map(|fields| (name.clone(), fields.clone())));
            let previous = shapes.insert(name.clone(), definition);
            assert!(previous.is_none(), "{path}: shape {name} is defined twice");
        }
    }
    let bases = flatten(&mut shapes);
    let model = model.expect("the first schema names its model");
    let history = read("history.json");
    let names = read("aws.json");
    assert_eq!(names["x-model"], model, "schemas/aws.json and schemas/imagebuilder.json follow different releases");
    write("aws.rs", tables(&names));
    write("releases.rs", releases(&history, &model));
    write("shapes.rs", generate(&shapes, &bases, &models, &model, &since(&history)));
    write("typed.rs", typed(&shapes, &bases));
    write("schema.json", serde_json::json!({ "x-model": model, "$defs": shapes }).to_string());
    write("signs.rs", signs());
    embed_pages();
    link_at_fixed_address();
}

/// Has the program for Linux linked at one address, as Go's programs are: loaded at any, it would have 60,000 pointers
/// to adjust at each start, a quarter of a run on one file. What is linked statically has to stay as it is.
fn link_at_fixed_address() {
    let of_target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    let is_static = of_target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if of_target("OS") == "linux" && of_target("ENV") == "gnu" && !is_static {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// The automata that look for signs of secrets, parts of names and others, and for these and masks.
fn signs() -> String {
    let any = |signs: &[&str]| signs.iter().map(|sign| regex_syntax::escape(sign)).collect::<Vec<_>>().join("|");
    let names = format!("(?i){}", signs::NAMES.join("|"));
    let others = format!("{}|{}|{}", any(&signs::MARKS), any(&signs::ESCAPES), signs::ESCAPED_URL);
    let signs = pattern::automaton(&[&names, &others]);
    let all =
        pattern::automaton(&[&format!("(?:{names})|(?:{others})|{}", signs::with_negations(&signs::MASKS.join("|")))]);
    format!("static SIGNS: Automaton = {signs};\nstatic SIGNS_AND_MASKS: Automaton = {all};\n")
}

fn read(file: &str) -> Value {
    let path = format!("schemas/{file}");
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn write(file: &str, bytes: impl AsRef<[u8]>) {
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join(file), bytes).expect("OUT_DIR can be written");
}

/// The tables of the names in `schemas/aws.json`.
fn tables(names: &Value) -> String {
    fn texts(names: &Value) -> Vec<&str> {
        names.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }
    let table = |name: &str, item: &str, items: Vec<String>| {
        format!("pub(crate) static {name}: [{item}; {}] = [\n    {},\n];\n\n", items.len(), items.join(",\n    "))
    };
    let list = |name, names: &Value| table(name, "&str", texts(names).iter().map(|text| format!("{text:?}")).collect());
    let statuses = names["errors"].as_object().into_iter().flatten();
    let partition = |partition: &Value| {
        let [prefixes, regions] = ["regionPrefixes", "regions"].map(|key| texts(&partition[key]));
        let (name, domain) = (&partition["name"], &partition["dnsSuffix"]);
        format!("Partition {{ name: {name}, domain: {domain}, prefixes: &{prefixes:?}, regions: &{regions:?} }}")
    };
    let partitions = names["partitions"].as_array().into_iter().flatten().map(partition);
    [
        list("INSTANCE_TYPES", &names["instanceTypes"]),
        list("RESOURCE_TYPES", &names["resourceTypes"]),
        table("STATUSES", "(&str, i128)", statuses.map(|(name, status)| format!("({name:?}, {status})")).collect()),
        table("PARTITIONS", "Partition", partitions.collect()),
    ]
    .concat()
}

/// The table of the releases in the history, the oldest first.
fn releases(history: &Value, model: &Value) -> String {
    let version = |release: &Value| release["version"].as_str().expect("a version").replace('.', ", ");
    let releases = history["releases"].as_array().expect("the history has releases");
    let entries: String = releases
        .iter()
        .map(|release| {
            format!("    Release {{ version: ModelVersion([{}]), date: {} }},\n", version(release), release["date"])
        })
        .collect();
    format!(
        "/// The version whose model the shapes follow.\npub(crate) const NEWEST: ModelVersion = ModelVersion([{}]);\n\n\
         pub(crate) static RELEASES: [Release; {}] = [\n{entries}];\n",
        version(model),
        releases.len()
    )
}

/// The index of the release that added each member or enum value, by shape and name.
type Since = BTreeMap<String, BTreeMap<String, usize>>;

fn since(history: &Value) -> Since {
    let mut since = Since::new();
    for (index, release) in history["releases"].as_array().into_iter().flatten().enumerate() {
        for (shape, names) in release["adds"].as_object().expect("a release adds something") {
            let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
            since.entry(shape.clone()).or_default().extend(names.map(|name| (name.to_owned(), index)));
        }
    }
    since
}

/// The name, version and date of a model as text.
fn described(model: &Value) -> String {
    let field = |name: &str| model[name].as_str().unwrap_or_default();
    match field("version") {
        "" => field("name").to_owned(),
        version => format!("{} {version} ({})", field("name"), field("date")),
    }
}

/// Turns references to the other files into local ones: names of shapes are unique.
fn make_local(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get_mut("$ref")
                && let Some(start) = target.find('#')
            {
                target.drain(..start);
            }
            members.values_mut().for_each(make_local);
        }
        Value::Array(items) => items.iter_mut().for_each(make_local),
        _ => {}
    }
}

/// The types for shapes and names of members.
fn typed(shapes: &Shapes, bases: &BTreeMap<String, String>) -> String {
    let mut names: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut types = String::new();
    let line = |types: &mut String, line: String| writeln!(types, "    {line}").expect("a String takes all");
    for (shape, definition) in shapes {
        line(&mut types, format!("/// `{shape}`.\n    pub(crate) enum {shape} {{}}"));
        let view = if is_plain(definition) { "Any" } else { shape };
        line(
            &mut types,
            format!("impl Typed for {shape} {{ const SHAPE: Shape = Shape::{shape}; type View = {view}; }}"),
        );
        let value = |target: &Value| {
            let target = target["$ref"].as_str().unwrap_or_default().trim_start_matches("#/$defs/");
            // A rule on several shapes sees a value that requests have a variant of as what that varies.
            let base = bases.get(target).filter(|base| target.strip_prefix("Requested") == Some(base.as_str()));
            let target = base.map_or(target, String::as_str);
            if shapes.get(target).is_none_or(is_plain) { "Any".to_owned() } else { target.to_owned() }
        };
        let is_list = definition.get("type").is_some_and(|kind| kind == "array");
        if is_list {
            line(&mut types, format!("impl ListOf for {shape} {{ type Item = {}; }}", value(&definition["items"])));
        } else if let Some(target) = definition.get("propertyNames").and(definition.get("additionalProperties")) {
            line(&mut types, format!("impl MapOf for {shape} {{ type Entry = {}; }}", value(target)));
        }
        let derived = bases.iter().filter(|(_, base)| *base == shape);
        let derived: Vec<String> = derived.map(|(name, _)| format!("Shape::{name}")).collect();
        let derived = derived.join(", ");
        let mut own = BTreeMap::new();
        for (index, (member, target)) in members(shape, shapes, bases).into_iter().enumerate() {
            let unit = unit(member, &own);
            names.entry(unit.clone()).or_default().insert(member);
            let value = value(target);
            line(
                &mut types,
                format!(
                    "impl Has<member::{unit}> for {shape} {{ type Value = {value}; const MEMBER: &'static MemberOf = \
                     &MemberOf {{ name: {member:?}, shape: Shape::{shape}, index: {index}, derived: &[{derived}], others: &[] }}; }}"
                ),
            );
            own.insert(unit, member);
        }
    }
    line(&mut types, "/// A payload as a whole.\n    pub(crate) enum Payload {}".to_owned());
    line(&mut types, "impl Typed for Payload { const SHAPE: Shape = Shape::Payload; type View = Any; }".to_owned());
    let mut units = String::new();
    for (unit, spellings) in &names {
        let listed: Vec<String> = spellings.iter().map(|spelling| format!("`{spelling}`")).collect();
        let listed = listed.join(" or ");
        line(&mut units, format!("/// {listed}.\n    #[derive(Clone, Copy)]\n    pub(crate) struct {unit};"));
        let names: Vec<&&str> = spellings.iter().collect();
        line(
            &mut units,
            format!("impl MemberName for {unit} {{ const NAMES: &'static [&'static str] = &{names:?}; }}"),
        );
    }
    format!(
        "/// The shapes, as types.\n#[allow(dead_code, reason = \"not every shape has a rule\")]\npub(crate) mod shapes {{\n    \
         use super::{{Any, Has, ListOf, MapOf, MemberOf, Shape, Typed, member}};\n\n{types}}}\n\n\
         /// The names of members, as types.\n#[allow(dead_code, reason = \"not every member has a rule\")]\npub(crate) mod member {{\n    \
         use super::MemberName;\n\n{units}}}\n"
    )
}

/// Whether a shape has no members, items or entries.
fn is_plain(definition: &Map<String, Value>) -> bool {
    !definition.get("type").is_some_and(|kind| kind == "object" || kind == "array")
}

/// The type for the name of a member: `HostId` for `hostId`. If two names in one shape differ only in the case of their
/// first letter, the type of the second ends in `AsWell`.
fn unit(member: &str, others: &BTreeMap<String, &str>) -> String {
    let words = member.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut unit: String = words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect();
    if others.contains_key(&unit) {
        unit.push_str("AsWell");
    }
    assert!(!others.contains_key(&unit), "{member}: its type has the name of another one's");
    unit
}

/// The members of a structure in the order of their indices. In one that refers to another, the members of that other
/// come first, so that an index means the same member in both.
fn members<'s>(name: &str, shapes: &'s Shapes, bases: &BTreeMap<String, String>) -> Vec<(&'s str, &'s Value)> {
    let properties = |name: &str| shapes[name].get("properties").and_then(Value::as_object);
    let own = properties(name).into_iter().flatten();
    let base = bases.get(name).and_then(|base| properties(base));
    let of_base = base.into_iter().flatten().map(|(member, target)| {
        let target = properties(name).and_then(|own| own.get(member)).unwrap_or(target);
        (member.as_str(), target)
    });
    let added = own.filter(|(member, _)| base.is_none_or(|base| !base.contains_key(*member)));
    of_base.chain(added.map(|(member, target)| (member.as_str(), target))).collect()
}

/// Copies the members of a structure to those that refer to it. Returns the name of the structure that each refers to.
fn flatten(shapes: &mut Shapes) -> BTreeMap<String, String> {
    let mut bases = BTreeMap::new();
    for name in shapes.keys().cloned().collect::<Vec<_>>() {
        let Some(Value::String(target)) = shapes.get_mut(&name).and_then(|definition| definition.remove("$ref")) else {
            continue;
        };
        let base = target.trim_start_matches("#/$defs/").to_owned();
        assert!(!shapes[&base].contains_key("$ref"), "{name}: {base} refers to another shape itself");
        // Lists, maps and texts say all that they are themselves.
        if let Some(mut properties) = shapes[&base].get("properties").and_then(Value::as_object).cloned() {
            let definition = shapes.get_mut(&name).expect("its name was listed");
            let own = definition["properties"].as_object_mut().expect("a structure has properties");
            properties.append(own);
            *own = properties;
        }
        bases.insert(name, base);
    }
    bases
}

/// Embeds the pages of the rules, for `imagelint explain`. Only optimised builds do: tests rewrite `docs/rules/`, and
/// cargo would then rebuild everything. Other builds read the files at run time, see `catalogue::page`.
fn embed_pages() {
    println!("cargo::rustc-check-cfg=cfg(embedded_pages)");
    if env::var("PROFILE").is_ok_and(|profile| profile == "debug") {
        return;
    }
    println!("cargo::rustc-cfg=embedded_pages");
    println!("cargo::rerun-if-changed=docs/rules");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("docs/rules");
    let mut entries: Vec<_> = fs::read_dir(&folder).map(|entries| entries.flatten().collect()).unwrap_or_default();
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut pages = String::from("&[\n");
    for path in entries.iter().map(fs::DirEntry::path) {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name != "README" {
            // The path is relative to the manifest, as cargo may reuse the output after the folder was moved.
            let page = format!("/docs/rules/{name}.md");
            writeln!(pages, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {page:?}))),")
                .expect("a String takes all");
        }
    }
    write("pages.rs", pages + "]\n");
}

type Shapes = BTreeMap<String, Map<String, Value>>;

fn generate(
    shapes: &Shapes,
    bases: &BTreeMap<String, String>,
    models: &BTreeMap<String, Value>,
    main_model: &Value,
    since: &Since,
) -> String {
    let mut variants = String::new();
    let mut all = String::new();
    let mut entries = String::new();
    let mut patterns = String::new();
    for (name, definition) in shapes {
        writeln!(variants, "    {name},").expect("a String takes all");
        writeln!(all, "    Shape::{name},").expect("a String takes all");
        let levels = levels(name, definition);
        let schema = ShapeSchema { name, definition, shapes, bases };
        let kind = schema.kind(&mut patterns);
        let base = bases.get(name).map_or("None".to_owned(), |base| format!("Some(Shape::{base})"));
        let own_model = models.get(name).unwrap_or(main_model);
        let model = described(own_model);
        // What has no date of its own came with the model of the responses.
        let date = own_model.get("date").unwrap_or(&main_model["date"]);
        let (since, later) = history(since.get(name));
        writeln!(
            entries,
            "    Definition {{ name: {name:?}, kind: {kind}, levels: &[{levels}], base: {base}, model: {model:?}, date: {date}, since: {since}, later: &[{later}] }},"
        )
        .expect("a String takes all");
    }
    format!(
        "/// The model that the shapes are derived from.\npub(crate) const MODEL: &str = {:?};\n\n\
         /// A shape of the schemas, or the whole payload.\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
         #[repr(u16)]\n#[allow(missing_docs)]\npub(crate) enum Shape {{\n{variants}    /// Not of the schemas: a payload as a whole, for rules that look at all of it.\n    Payload,\n}}\n\n\
         #[cfg(test)]\n         static ALL: [Shape; {}] = [\n{all}];\n\n\
         {patterns}\nstatic DEFINITIONS: [Definition; {}] = [\n{entries}    Definition {{ name: \"Payload\", kind: Kind::Boolean, levels: &[], base: None, model: MODEL, date: {}, since: None, later: &[] }},\n];\n",
        described(main_model),
        shapes.len(),
        shapes.len() + 1,
        main_model["date"]
    )
}

/// The release that added a shape, and what later ones added to it.
fn history(names: Option<&BTreeMap<String, usize>>) -> (String, String) {
    let Some((names, first)) = names.and_then(|names| Some((names, names.values().min()?))) else {
        return ("None".to_owned(), String::new());
    };
    let later = names.iter().filter(|(_, since)| *since > first);
    (
        format!("Some(&RELEASES[{first}])"),
        later.map(|(name, since)| format!("({name:?}, &RELEASES[{since}]), ")).collect(),
    )
}

/// A table of the indices of names, in which each has a place of its own.
fn places(names: &[&str]) -> String {
    const MOST_TRIED: u64 = 1_000_000;
    let bits = (2 * names.len()).next_power_of_two().trailing_zeros().max(1);
    let shift = 64 - bits;
    let table = |seed: u64| {
        let mut indices = vec![None; 1 << bits];
        for (index, name) in names.iter().enumerate() {
            let place = name_hash::place(name_hash::name_hash(name), seed, shift);
            if indices[place].replace(index).is_some() {
                return None;
            }
        }
        Some(indices.into_iter().map(|index| u8::try_from(index.unwrap_or(0)).expect("few members")).collect())
    };
    // The seeds are those of a Weyl sequence: odd, and different in all bits.
    let mut seeds = (0..MOST_TRIED).map(|step| step.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (seed, indices): (u64, Vec<u8>) =
        seeds.find_map(|seed| Some((seed, table(seed)?))).unwrap_or_else(|| panic!("{names:?} share their hashes"));
    let seed = literal(seed);
    format!("Places {{ seed: {seed}, shift: {shift}, indices: &{indices:?} }}")
}

/// A number as a literal that can be read.
fn literal(number: u64) -> String {
    let parts = [48, 32, 16, 0].map(|shift| format!("{:04x}", number >> shift & 0xFFFF));
    format!("0x{}", parts.join("_"))
}

struct ShapeSchema<'a> {
    name: &'a str,
    definition: &'a Map<String, Value>,
    shapes: &'a Shapes,
    bases: &'a BTreeMap<String, String>,
}

impl ShapeSchema<'_> {
    fn kind(&self, patterns: &mut String) -> String {
        if self.definition.is_empty() {
            return "Kind::Any".to_owned();
        }
        let types = match &self.definition["type"] {
            Value::String(one) => vec![one.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            other => panic!("{}: type {other}", self.name),
        };
        match types.as_slice() {
            ["object"] if self.definition.contains_key("properties") => self.structure(),
            ["object"] => {
                self.allow(&["propertyNames", "additionalProperties", "minProperties", "maxProperties"]);
                format!(
                    "Kind::Map {{ key: {}, value: {}, count: {} }}",
                    self.reference(&self.definition["propertyNames"]),
                    self.reference(&self.definition["additionalProperties"]),
                    self.span("minProperties", "maxProperties")
                )
            }
            ["array"] => {
                self.allow(&["items", "minItems", "maxItems"]);
                let item = self.reference(&self.definition["items"]);
                format!("Kind::List {{ item: {item}, count: {} }}", self.span("minItems", "maxItems"))
            }
            ["string"] => self.text(patterns),
            ["integer"] => {
                self.allow(&["minimum", "maximum"]);
                format!("Kind::Integer {{ minimum: {}, maximum: {} }}", self.bound("minimum"), self.bound("maximum"))
            }
            ["number"] => {
                self.allow(&["minimum", "maximum"]);
                format!("Kind::Number {{ minimum: {}, maximum: {} }}", self.bound("minimum"), self.bound("maximum"))
            }
            ["boolean"] => {
                self.allow(&[]);
                "Kind::Boolean".to_owned()
            }
            ["number", "string"] => {
                self.allow(&[]);
                "Kind::Timestamp".to_owned()
            }
            other => panic!("{}: the tables have no kind for type {other:?}", self.name),
        }
    }

    fn text(&self, patterns: &mut String) -> String {
        self.allow(&["enum", "pattern", "minLength", "maxLength"]);
        let values = self.strings("enum");
        let pattern = match self.definition.get("pattern").and_then(Value::as_str) {
            Some(pattern) => {
                let constant = format!("PATTERN_{}", self.name.to_uppercase());
                let matcher = pattern::matcher(pattern);
                writeln!(
                    patterns,
                    "static {constant}: Pattern = Pattern {{ source: {pattern:?}, matcher: {matcher} }};"
                )
                .expect("a String takes all");
                format!("Some(&{constant})")
            }
            None => "None".to_owned(),
        };
        let length = self.span("minLength", "maxLength");
        format!("Kind::Text {{ values: &[{values}], pattern: {pattern}, length: {length} }}")
    }

    fn structure(&self) -> String {
        self.allow(&["properties", "required", "additionalProperties"]);
        let is_open = match self.definition.get("additionalProperties") {
            None => false,
            Some(Value::Bool(true)) => true,
            Some(other) => panic!("{}: additionalProperties {other}", self.name),
        };
        let all = members(self.name, self.shapes, self.bases);
        let member =
            |(member, target): &(&str, &Value)| format!("Member::new({member:?}, {}), ", self.reference(target));
        let members: String = all.iter().map(member).collect();
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        format!(
            "Kind::Structure {{ members: &[{members}], places: {}, required: &[{}], is_open: {is_open} }}",
            places(&names),
            self.strings("required")
        )
    }

    fn allow(&self, keywords: &[&str]) {
        let known = |key: &str| keywords.contains(&key) || ["type", "x-levels", "$comment"].contains(&key);
        if let Some(keyword) = self.definition.keys().find(|key| !known(key)) {
            panic!("{}: the tables do not support the keyword `{keyword}` here", self.name);
        }
    }

    fn reference(&self, target: &Value) -> String {
        let only_reference = target.as_object().is_some_and(|target| target.len() == 1);
        let name = target["$ref"].as_str().and_then(|target| target.strip_prefix("#/$defs/"));
        match name {
            Some(name) if only_reference && self.shapes.contains_key(name) => format!("Shape::{name}"),
            _ => panic!("{}: {target} is not a reference to a shape", self.name),
        }
    }

    fn strings(&self, keyword: &str) -> String {
        let items = self.definition.get(keyword).and_then(Value::as_array).into_iter().flatten();
        items
            .map(|item| format!("{:?}, ", item.as_str().unwrap_or_else(|| panic!("{}: {keyword}", self.name))))
            .collect()
    }

    fn span(&self, min: &str, max: &str) -> String {
        let bound = |keyword: &str| {
            self.definition
                .get(keyword)
                .map(|bound| bound.as_u64().unwrap_or_else(|| panic!("{}: {keyword}", self.name)))
        };
        let maximum = bound(max).map_or("usize::MAX".to_owned(), |bound| grouped(&bound.to_string()));
        format!("Bounds {{ min: {}, max: {maximum} }}", bound(min).unwrap_or(0))
    }

    fn bound(&self, keyword: &str) -> String {
        match self.definition.get(keyword) {
            Some(bound) => {
                let bound = bound.as_i64().unwrap_or_else(|| panic!("{}: {keyword}", self.name));
                format!("Some({})", grouped(&bound.to_string()))
            }
            None => "None".to_owned(),
        }
    }
}

/// Groups digits by three, as clippy requires of literals.
fn grouped(digits: &str) -> String {
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join("_")
}

fn levels(name: &str, definition: &Map<String, Value>) -> String {
    let levels = definition.get("x-levels").and_then(Value::as_object).into_iter().flatten();
    levels
        .map(|(keyword, level)| {
            let level = match level.as_str() {
                Some("info") => "Level::Info",
                Some("warning") => "Level::Warning",
                other => panic!("{name}: x-levels {other:?}"),
            };
            let known = ["pattern", "minLength", "maxLength"].contains(&keyword.as_str());
            assert!(known, "{name}: x-levels for `{keyword}`");
            format!("({keyword:?}, {level}), ")
        })
        .collect()
}
