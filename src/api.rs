//! Holds the public API: `tests/golden/api.txt` lists it, and `BLESS=1 cargo test` rewrites that file.
//!
//! All modules are private, and the lint `unreachable_pub` denies a plain `pub` to whatever `lib.rs` does not hand
//! on. So the public API is what is plainly `pub` in the source, whatever the features.

use std::collections::{BTreeSet, HashSet};

use quote::ToTokens;
use regex::Regex;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Fields, FnArg, Ident, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, ItemTrait, Pat, Path, Signature,
    Token, TraitItem, Type, Visibility,
};

use crate::repository::{assert_current, sources};

#[test]
fn the_public_api_is_the_one_in_the_snapshot() {
    let mut api = Api::default();
    let mut files = Vec::new();
    // Nobody but the fuzz targets is built with `--cfg fuzzing`.
    for (name, text) in sources().into_iter().filter(|(name, _)| !name.ends_with("fuzzing.rs")) {
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("src/{name}: {error}"));
        let items = flat(file.items);
        for item in &items {
            api.note(item);
        }
        files.push(items);
    }
    let lines: BTreeSet<String> = files.iter().flat_map(|items| api.lines(items)).collect();
    assert_current("tests/golden/api.txt", &lines.iter().map(|line| format!("{line}\n")).collect::<String>());
}

/// Items with those of the modules among them.
fn flat(items: Vec<Item>) -> Vec<Item> {
    let with_inner = |item| match item {
        Item::Mod(module) => flat(module.content.map(|(_, items)| items).unwrap_or_default()),
        item => vec![item],
    };
    items.into_iter().flat_map(with_inner).collect()
}

/// The names that decide whether an implementation is public.
#[derive(Default)]
struct Api {
    public_types: HashSet<Ident>,
    private_traits: HashSet<Ident>,
}

impl Api {
    fn note(&mut self, item: &Item) {
        match item {
            Item::Struct(ItemStruct { ident, vis, .. }) | Item::Enum(ItemEnum { ident, vis, .. }) if is_public(vis) => {
                self.public_types.insert(ident.clone());
            }
            Item::Trait(ItemTrait { ident, vis, .. }) if !is_public(vis) => {
                self.private_traits.insert(ident.clone());
            }
            _ => {}
        }
    }

    /// What the items of a file add to the public API, each in one line.
    fn lines(&self, items: &[Item]) -> Vec<String> {
        // A private type may have the name of a public one.
        let is_private = |name: &Ident| {
            items.iter().any(|item| match item {
                Item::Struct(ItemStruct { ident, vis, .. }) | Item::Enum(ItemEnum { ident, vis, .. }) => {
                    ident == name && !is_public(vis)
                }
                _ => false,
            })
        };
        let is_public = |name: &Ident| self.public_types.contains(name) && !is_private(name);
        let lines = |item: &Item| match item {
            Item::Impl(block) if type_name(&block.self_ty).is_some_and(is_public) => self.of_impl(block),
            item => of_item(item),
        };
        items.iter().flat_map(lines).collect()
    }

    /// The public methods of a type, or the trait that it implements.
    fn of_impl(&self, block: &ItemImpl) -> Vec<String> {
        let owner = tidy(&block.self_ty);
        if let Some((_, path, _)) = &block.trait_ {
            let is_private = path.segments.last().is_some_and(|name| self.private_traits.contains(&name.ident));
            return if is_private { Vec::new() } else { vec![implemented(path, &owner)] };
        }
        let line = |item: &ImplItem| match item {
            ImplItem::Fn(method) if is_public(&method.vis) => Some(function(&format!("{owner}::"), &method.sig)),
            ImplItem::Const(item) if is_public(&item.vis) => {
                Some(format!("pub const {owner}::{}: {}", item.ident, tidy(&item.ty)))
            }
            _ => None,
        };
        block.items.iter().filter_map(line).collect()
    }
}

/// A public item with its fields, its variants and what it derives.
fn of_item(item: &Item) -> Vec<String> {
    let (mut lines, name, keyword) = match item {
        Item::Fn(item) if is_public(&item.vis) => return vec![function("", &item.sig)],
        Item::Const(item) if is_public(&item.vis) => {
            return vec![format!("pub const {}: {}", item.ident, tidy(&item.ty))];
        }
        Item::Static(item) if is_public(&item.vis) => {
            return vec![format!("pub static {}: {}", item.ident, tidy(&item.ty))];
        }
        Item::Type(item) if is_public(&item.vis) => {
            return vec![format!("pub type {}{} = {}", item.ident, tidy(&item.generics), tidy(&item.ty))];
        }
        Item::Struct(item) if is_public(&item.vis) => {
            let name = format!("{}{}", item.ident, tidy(&item.generics));
            ([derived(&item.attrs, &name), fields(&item.fields, &name)].concat(), name, "struct")
        }
        Item::Enum(item) if is_public(&item.vis) => {
            let name = format!("{}{}", item.ident, tidy(&item.generics));
            let mut lines = derived(&item.attrs, &name);
            let variant = |(variant, fields)| format!("pub {name}::{variant}{}", tidy(fields));
            lines.extend(item.variants.iter().map(|item| (&item.ident, &item.fields)).map(variant));
            (lines, name, "enum")
        }
        Item::Trait(item) if is_public(&item.vis) => {
            let name = format!("{}{}", item.ident, tidy(&item.generics));
            let method = |item: &TraitItem| match item {
                TraitItem::Fn(method) => function(&format!("{name}::"), &method.sig),
                other => format!("pub {name}::{}", tidy(other)),
            };
            (item.items.iter().map(method).collect(), name, "trait")
        }
        _ => return Vec::new(),
    };
    lines.push(format!("pub {keyword} {name}"));
    lines
}

fn function(owner: &str, signature: &Signature) -> String {
    let mut signature = signature.clone();
    // Whether the function changes its own copy of an argument is no part of the API.
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Receiver(this) if this.reference.is_none() => this.mutability = None,
            FnArg::Receiver(_) => {}
            FnArg::Typed(argument) => {
                if let Pat::Ident(name) = &mut *argument.pat {
                    name.mutability = None;
                }
            }
        }
    }
    let name = &signature.ident;
    format!("pub {}", tidy(&signature).replacen(&format!("fn {name}"), &format!("fn {owner}{name}"), 1))
}

fn fields(fields: &Fields, owner: &str) -> Vec<String> {
    let public = fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis));
    let line = |(index, field): (usize, &syn::Field)| {
        let name = field.ident.as_ref().map_or(index.to_string(), ToString::to_string);
        format!("pub {owner}::{name}: {}", tidy(&field.ty))
    };
    public.map(line).collect()
}

fn derived(attributes: &[Attribute], owner: &str) -> Vec<String> {
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let traits = |derive: &Attribute| derive.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
    derives.flat_map(|derive| traits(derive).expect("traits")).map(|path| implemented(&path, owner)).collect()
}

/// The line for a trait, which is named without the modules that lead to it.
fn implemented(path: &Path, owner: &str) -> String {
    format!("impl {} for {owner}", tidy(&path.segments.last()))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn type_name(named: &Type) -> Option<&Ident> {
    match named {
        Type::Path(named) => named.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// Tokens with spaces as people set them.
fn tidy(tokens: &impl ToTokens) -> String {
    let spaces = [(r"(fn \w+|Fn\w*|[^-]>) \(", "$1("), (r" ([,;:)]|<|>)", "$1"), (r"([(&<?]|::) ", "$1")];
    spaces.iter().fold(tokens.to_token_stream().to_string(), |text, (pattern, tidied)| {
        Regex::new(pattern).expect("a regular expression").replace_all(&text, *tidied).into_owned()
    })
}
