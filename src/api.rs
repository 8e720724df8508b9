//! Holds the public API: `tests/golden/api.txt` lists it, and `BLESS=1 cargo test` rewrites that file.
//!
//! All modules are private, and the lint `unreachable_pub` lets no item be plainly `pub` that `lib.rs` does not
//! hand on. So the public API is what is plainly `pub` in the source, whatever the features.

use std::collections::BTreeSet;

use quote::ToTokens;
use regex::Regex;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Fields, FnArg, Ident, ImplItem, Item, ItemImpl, Pat, Path, Signature, Token, TraitItem, Type, Visibility,
};

use crate::repository::{assert_current, sources};

#[test]
fn the_public_api_is_the_one_in_the_snapshot() {
    let parse =
        |(name, text): &(String, String)| syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let files: Vec<Vec<Item>> = sources().iter().map(|source| flat(parse(source).items)).collect();
    let mut api = Api::default();
    files.iter().flatten().for_each(|item| api.note(item));
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

/// The types and traits of the crate, as far as implementations need them.
#[derive(Default)]
struct Api {
    public_types: BTreeSet<Ident>,
    private_traits: BTreeSet<Ident>,
}

impl Api {
    fn note(&mut self, item: &Item) {
        match item {
            Item::Trait(item) if !is_public(&item.vis) => {
                self.private_traits.insert(item.ident.clone());
            }
            _ => self
                .public_types
                .extend(type_of(item).filter(|(_, visibility)| is_public(visibility)).map(|(name, _)| name.clone())),
        }
    }

    /// What the items of a file add to the public API, one item on each line.
    fn lines(&self, items: &[Item]) -> Vec<String> {
        // Another type of the same name may be private to its file.
        let is_own = |name: &Ident| items.iter().filter_map(type_of).any(|(own, _)| own == name);
        let is_own_public = |name: &Ident| {
            items.iter().filter_map(type_of).any(|(own, visibility)| own == name && is_public(visibility))
        };
        let is_public_type = |name: &Ident| is_own_public(name) || (!is_own(name) && self.public_types.contains(name));
        let lines = |item: &Item| match item {
            Item::Impl(block) if name_of(&block.self_ty).is_some_and(|name| is_public_type(name)) => {
                self.of_impl(block)
            }
            item => of_item(item),
        };
        items.iter().flat_map(lines).collect()
    }

    /// The public methods of a type, or the trait that it implements.
    fn of_impl(&self, block: &ItemImpl) -> Vec<String> {
        let owner = tidy(&block.self_ty);
        if let Some((_, path, _)) = &block.trait_ {
            let is_private = path.segments.last().is_some_and(|name| self.private_traits.contains(&name.ident));
            return if is_private { Vec::new() } else { vec![format!("impl {} for {owner}", tidy(path))] };
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
    match item {
        Item::Fn(item) if is_public(&item.vis) => vec![function("", &item.sig)],
        Item::Const(item) if is_public(&item.vis) => vec![format!("pub const {}: {}", item.ident, tidy(&item.ty))],
        Item::Static(item) if is_public(&item.vis) => vec![format!("pub static {}: {}", item.ident, tidy(&item.ty))],
        Item::Type(item) if is_public(&item.vis) => {
            vec![format!("pub type {}{} = {}", item.ident, tidy(&item.generics), tidy(&item.ty))]
        }
        Item::Struct(item) if is_public(&item.vis) => {
            let name = format!("{}{}", item.ident, tidy(&item.generics));
            let mut lines = derived(&item.attrs, &name);
            lines.extend(fields(&item.fields, &name));
            lines.push(format!("pub struct {name}{}", tidy(&item.generics.where_clause)));
            lines
        }
        Item::Enum(item) if is_public(&item.vis) => {
            let name = format!("{}{}", item.ident, tidy(&item.generics));
            let mut lines = derived(&item.attrs, &name);
            lines.extend(
                item.variants.iter().map(|variant| format!("pub {name}::{}{}", variant.ident, tidy(&variant.fields))),
            );
            lines.push(format!("pub enum {name}{}", tidy(&item.generics.where_clause)));
            lines
        }
        Item::Trait(item) if is_public(&item.vis) => {
            let name = format!("{}{}", item.ident, tidy(&item.generics));
            let method = |item: &TraitItem| match item {
                TraitItem::Fn(method) => function(&format!("{name}::"), &method.sig),
                other => format!("pub {name}::{}", tidy(other)),
            };
            let mut lines: Vec<String> = item.items.iter().map(method).collect();
            lines.push(format!("pub trait {name}: {}", tidy(&item.supertraits)));
            lines
        }
        _ => Vec::new(),
    }
}

fn function(owner: &str, signature: &Signature) -> String {
    let mut signature = signature.clone();
    // Whether an argument is mutable inside is nobody's business.
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Receiver(this) if this.reference.is_none() => this.mutability = None,
            FnArg::Typed(argument) => {
                if let Pat::Ident(name) = &mut *argument.pat {
                    name.mutability = None;
                }
            }
            FnArg::Receiver(_) => {}
        }
    }
    let name = format!("fn {}", signature.ident);
    format!("pub {}", tidy(&signature).replacen(&name, &format!("fn {owner}{}", signature.ident), 1))
}

fn fields(fields: &Fields, owner: &str) -> Vec<String> {
    let public = fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis));
    let name = |index: usize, name: Option<&Ident>| name.map_or(index.to_string(), ToString::to_string);
    public
        .map(|(index, field)| format!("pub {owner}::{}: {}", name(index, field.ident.as_ref()), tidy(&field.ty)))
        .collect()
}

fn derived(attributes: &[Attribute], owner: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let traits = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).expect("traits");
        lines.extend(traits.iter().map(|path| format!("impl {} for {owner}", tidy(path))));
    }
    lines
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The name and the visibility of an item that is a type.
fn type_of(item: &Item) -> Option<(&Ident, &Visibility)> {
    match item {
        Item::Struct(item) => Some((&item.ident, &item.vis)),
        Item::Enum(item) => Some((&item.ident, &item.vis)),
        Item::Type(item) => Some((&item.ident, &item.vis)),
        _ => None,
    }
}

fn name_of(named: &Type) -> Option<&Ident> {
    match named {
        Type::Path(named) => named.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// Tokens with spaces as people set them.
fn tidy(tokens: &impl ToTokens) -> String {
    let spaces = [(r"(\w|[^-]>) \(", "$1("), (r" ([,;:)]|<|>)", "$1"), (r"([(&<?]|::) ", "$1")];
    spaces.iter().fold(tokens.to_token_stream().to_string(), |text, (pattern, tidied)| {
        Regex::new(pattern).expect("a regular expression").replace_all(&text, *tidied).into_owned()
    })
}
