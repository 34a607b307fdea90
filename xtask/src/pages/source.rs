//! The documentation of a crate, item by item, read from its sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use proc_macro2::{Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, ExprLit, Ident, ImplItem, Item as Syntax, Lit, Meta, Token, UseTree, Visibility};

/// An item that the documentation shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its path within the crate, as a link in a doc comment writes it: `run::RunTotals::cases`.
    pub(crate) path: String,
    /// Where `rustdoc` puts it: `run/struct.RunTotals.html#structfield.cases`.
    pub(crate) page: String,
    /// The module in which it is shown; empty at the root of the crate.
    pub(crate) module: String,
    /// Its doc comment, as Markdown.
    pub(crate) doc: String,
}

impl Item {
    /// The paragraphs of the doc comment, each on one line.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = String> {
        self.doc.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// What the item is called without its modules: `RunTotals::cases`.
    pub(crate) fn name(&self) -> &str {
        let within = self.path.strip_prefix(&self.module).unwrap_or(&self.path);
        within.strip_prefix("::").unwrap_or(&self.path)
    }

    fn new(path: &str, page: String, attributes: &[Attribute]) -> Self {
        Self { path: path.to_owned(), page, module: String::new(), doc: doc(attributes) }
    }

    /// A module, which is shown in itself.
    fn module(name: &str, attributes: &[Attribute]) -> Self {
        let itself = Self::new(name, format!("{name}/index.html"), attributes);
        Self { module: name.to_owned(), ..itself }
    }

    /// The item as the module around its own sees it.
    fn within(mut self, module: &str) -> Self {
        self.path = format!("{module}::{}", self.path);
        self.page = format!("{module}/{}", self.page);
        self.module =
            if self.module.is_empty() { module.to_owned() } else { format!("{module}::{}", self.module) };
        self
    }
}

/// The items of the crate whose root is this file, those of the root first.
pub(crate) fn items(root: &Path) -> Result<Vec<Item>> {
    let folder = root.parent().context("a source file stands in a folder")?;
    let (_, mut items) = module(root, folder)?;
    items.sort_by(|a, b| a.module.cmp(&b.module));
    Ok(items)
}

/// What is said about the module in a file, and the items that it shows, from itself and from the modules within, whose
/// files are in the folder.
fn module(file: &Path, folder: &Path) -> Result<(Vec<Attribute>, Vec<Item>)> {
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let syntax = syn::parse_file(&text).with_context(|| format!("{} is not Rust", file.display()))?;
    let mut items = Vec::new();
    // Items of a private module are shown where they are exported.
    let mut private: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for item in &syntax.items {
        if let Syntax::Mod(inner) = item
            && inner.content.is_none()
        {
            let name = inner.ident.to_string();
            let (attributes, within) = module(&folder.join(format!("{name}.rs")), &folder.join(&name))?;
            if is_public(&inner.vis) {
                items.push(Item::module(&name, &attributes));
                items.extend(within.into_iter().map(|item| item.within(&name)));
            } else {
                private.insert(name, within);
            }
        }
    }
    for item in &syntax.items {
        match item {
            Syntax::Use(exported) if is_public(&exported.vis) => {
                if let UseTree::Path(tree) = &exported.tree
                    && let Some(within) = private.get(&tree.ident.to_string())
                {
                    let mut names = Vec::new();
                    leaves(&tree.tree, &mut names);
                    let is_named = |item: &&Item| {
                        names.iter().any(|name| *name == item.path.split("::").next().unwrap_or_default())
                    };
                    items.extend(within.iter().filter(is_named).cloned());
                }
            }
            item => items.extend(own(item)?),
        }
    }
    let impls = syntax.items.iter().filter_map(|item| match item {
        Syntax::Impl(block) => Some(block),
        _ => None,
    });
    for block in impls {
        let syn::Type::Path(target) = &*block.self_ty else { continue };
        let target = target.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let Some(page) = items.iter().find(|item| item.path == target).map(|item| item.page.clone()) else {
            continue;
        };
        for function in &block.items {
            if let ImplItem::Fn(function) = function
                && (block.trait_.is_some() || is_public(&function.vis))
            {
                let name = &function.sig.ident;
                items.push(Item::new(
                    &format!("{target}::{name}"),
                    format!("{page}#method.{name}"),
                    &function.attrs,
                ));
            }
        }
    }
    Ok((syntax.attrs, items))
}

/// The public items that one item of a file defines, itself and its parts.
fn own(item: &Syntax) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    match item {
        Syntax::Struct(item) if is_public(&item.vis) => {
            let (name, page) = (item.ident.to_string(), format!("struct.{}.html", item.ident));
            items.push(Item::new(&name, page.clone(), &item.attrs));
            for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                if let Some(ident) = &field.ident {
                    let path = format!("{name}::{ident}");
                    items.push(Item::new(&path, format!("{page}#structfield.{ident}"), &field.attrs));
                }
            }
        }
        Syntax::Enum(item) if is_public(&item.vis) => {
            let variants = item.variants.iter().map(|variant| (&variant.ident, &*variant.attrs));
            items.extend(enumeration(&item.ident, &item.attrs, variants));
        }
        Syntax::Const(item) if is_public(&item.vis) => {
            let page = format!("constant.{}.html", item.ident);
            items.push(Item::new(&item.ident.to_string(), page, &item.attrs));
        }
        Syntax::Type(item) if is_public(&item.vis) => {
            let page = format!("type.{}.html", item.ident);
            items.push(Item::new(&item.ident.to_string(), page, &item.attrs));
        }
        Syntax::Fn(item) if is_public(&item.vis) => {
            let name = item.sig.ident.to_string();
            items.push(Item::new(&name, format!("fn.{name}.html"), &item.attrs));
        }
        Syntax::Trait(item) if is_public(&item.vis) => {
            let page = format!("trait.{}.html", item.ident);
            items.push(Item::new(&item.ident.to_string(), page, &item.attrs));
        }
        Syntax::Mod(item) if is_public(&item.vis) => {
            let name = item.ident.to_string();
            if let Some((_, inner)) = &item.content {
                items.push(Item::module(&name, &item.attrs));
                for item in inner {
                    items.extend(own(item)?.into_iter().map(|item| item.within(&name)));
                }
            }
        }
        Syntax::Macro(call) => {
            let called = call.mac.path.segments.last().map(|segment| segment.ident.to_string());
            match called.as_deref() {
                // What these take is written as what they make.
                Some("text_id" | "vocabulary" | "codes") => {
                    for item in syn::parse2::<syn::File>(without_meanings(call.mac.tokens.clone()))?.items {
                        items.extend(own(&item)?);
                    }
                }
                Some("events") => items.extend(call.mac.parse_body::<Events>()?.0),
                _ => {}
            }
        }
        _ => {}
    }
    Ok(items)
}

/// The tokens of `codes!` without `=> "meaning"` after each number, which is not Rust syntax.
fn without_meanings(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(end) if end.as_char() == '>' && ends_in_equals(&kept) => {
                kept.pop();
                tokens.next();
            }
            TokenTree::Group(group) => {
                kept.push(Group::new(group.delimiter(), without_meanings(group.stream())).into());
            }
            token => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

fn ends_in_equals(tokens: &[TokenTree]) -> bool {
    matches!(tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
}

fn enumeration<'a>(
    ident: &Ident,
    attributes: &[Attribute],
    variants: impl Iterator<Item = (&'a Ident, &'a [Attribute])>,
) -> Vec<Item> {
    let page = format!("enum.{ident}.html");
    let mut items = vec![Item::new(&ident.to_string(), page.clone(), attributes)];
    items.extend(variants.map(|(variant, attributes)| {
        Item::new(&format!("{ident}::{variant}"), format!("{page}#variant.{variant}"), attributes)
    }));
    items
}

/// What `webhook_core::events!` makes of a vendor's list: the enum of events with a variant for each, and that of names.
struct Events(Vec<Item>);

impl Parse for Events {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let event = EnumHead::parse(input)?;
        let names = EnumHead::parse(input)?;
        let mut variants = Vec::new();
        while !input.is_empty() {
            // `page "https://..."`, `announced` or `else`, and then the lines of the list.
            while !input.peek(syn::token::Brace) {
                input.parse::<proc_macro2::TokenTree>()?;
            }
            let lines;
            syn::braced!(lines in input);
            while !lines.is_empty() {
                let attributes = lines.call(Attribute::parse_outer)?;
                variants.push((lines.parse::<Ident>()?, attributes));
                while !lines.peek(Token![;]) {
                    lines.parse::<proc_macro2::TokenTree>()?;
                }
                lines.parse::<Token![;]>()?;
            }
        }
        let lines = variants.iter().map(|(ident, attributes)| (ident, &**attributes));
        let mut items = enumeration(&event.ident, &event.attributes, lines);
        items.extend(enumeration(&names.ident, &names.attributes, std::iter::empty()));
        Ok(Self(items))
    }
}

/// `pub enum Event;` with the lines above it.
struct EnumHead {
    attributes: Vec<Attribute>,
    ident: Ident,
}

impl Parse for EnumHead {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<Token![enum]>()?;
        let ident = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self { attributes, ident })
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The names at the ends of a `use`.
fn leaves(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        _ => {}
    }
}

/// The doc comment among some attributes.
fn doc(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        if let Meta::NameValue(meta) = &attribute.meta
            && meta.path.is_ident("doc")
            && let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &meta.value
        {
            let line = line.value();
            lines.push(line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned());
        }
    }
    lines.join("\n")
}
