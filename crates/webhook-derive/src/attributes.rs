//! What `#[wire(..)]` says on a struct and on a field.

use syn::{Attribute, Expr, ExprLit, Field, Lit, LitStr, Result, Type, ext::IdentExt};

/// A field as the expansion needs it.
pub(crate) struct FieldSpec {
    pub(crate) ident: syn::Ident,
    pub(crate) ty: Type,
    /// The key the vendor writes.
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) with: Option<Type>,
    pub(crate) nullable: bool,
    pub(crate) optional: bool,
    pub(crate) event: bool,
    pub(crate) doc: String,
}

/// How a struct spells its keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    AsWritten,
    Camel,
}

impl Spelling {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut spelling = Self::AsWritten;
        for attribute in attributes.iter().filter(|a| a.path().is_ident("wire")) {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("rename_all") {
                    return Err(meta.error("a struct takes `rename_all` only"));
                }
                let value: LitStr = meta.value()?.parse()?;
                if value.value() != "camelCase" {
                    return Err(syn::Error::new(value.span(), "only \"camelCase\" is known"));
                }
                spelling = Self::Camel;
                Ok(())
            })?;
        }
        Ok(spelling)
    }

    fn key(self, ident: &str) -> String {
        match self {
            Self::AsWritten => ident.to_owned(),
            Self::Camel => {
                let mut words = ident.split('_');
                let first = words.next().unwrap_or_default().to_owned();
                words.fold(first, |mut key, word| {
                    let mut letters = word.chars();
                    key.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
                    key.extend(letters);
                    key
                })
            }
        }
    }
}

impl FieldSpec {
    pub(crate) fn of(field: &Field, spelling: Spelling) -> Result<Self> {
        let Some(ident) = field.ident.clone() else {
            return Err(syn::Error::new_spanned(field, "fields have names"));
        };
        let mut spec = Self {
            name: spelling.key(&ident.unraw().to_string()),
            ident,
            ty: field.ty.clone(),
            aliases: Vec::new(),
            with: None,
            nullable: false,
            optional: false,
            event: false,
            doc: doc_text(&field.attrs),
        };
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("wire")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    spec.name = meta.value()?.parse::<LitStr>()?.value();
                } else if meta.path.is_ident("alias") {
                    spec.aliases.push(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("with") {
                    spec.with = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("nullable") {
                    spec.nullable = true;
                } else if meta.path.is_ident("optional") {
                    spec.optional = true;
                } else if meta.path.is_ident("event") {
                    spec.event = true;
                } else {
                    return Err(meta.error("expected rename, alias, with, nullable, optional or event"));
                }
                Ok(())
            })?;
        }
        Ok(spec)
    }
}

/// What a schema shows beside a field, on one line: the first paragraph of its doc comment, and the traps that it tells.
pub(crate) fn doc_text(attributes: &[Attribute]) -> String {
    const TRAP: &str = "**Trap:**";
    let lines = attributes.iter().filter_map(|attribute| {
        let meta = attribute.meta.require_name_value().ok()?;
        match (&meta.value, meta.path.is_ident("doc")) {
            (Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), true) => Some(text.value().trim().to_owned()),
            _ => None,
        }
    });
    let lines: Vec<String> = lines.collect();
    let paragraphs = lines.split(String::is_empty).map(|paragraph| paragraph.join(" "));
    let shown = paragraphs.enumerate().filter(|(position, text)| *position == 0 || text.starts_with(TRAP));
    shown.map(|(_, text)| text.replacen(TRAP, "Trap:", 1)).collect::<Vec<_>>().join(" ")
}
