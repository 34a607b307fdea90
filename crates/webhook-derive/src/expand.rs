//! From a struct to its implementations.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields, Result};

use crate::attributes::{FieldSpec, Spelling, doc_text};

/// Expands `#[derive(Wire)]`.
#[expect(clippy::too_many_lines, reason = "one template, best read in one piece")]
pub(crate) fn object(input: &DeriveInput) -> Result<TokenStream> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            other => return Err(syn::Error::new_spanned(other, "`Wire` needs named fields")),
        },
        _ => return Err(syn::Error::new_spanned(&input.ident, "`Wire` is for structs")),
    };
    if !input.generics.params.is_empty() {
        return Err(syn::Error::new_spanned(&input.generics, "a payload has no parameters"));
    }
    let spelling = Spelling::of(&input.attrs)?;
    let all = fields.iter().map(|field| FieldSpec::of(field, spelling)).collect::<Result<Vec<_>>>()?;
    let keyed: Vec<&FieldSpec> = all.iter().filter(|field| !field.event).collect();
    let event = all.iter().find(|field| field.event);

    let ident = &input.ident;
    let name = ident.to_string();
    let doc = doc_text(&input.attrs);
    let partial = partial(&all, &keyed);
    let key_arms = keyed.iter().enumerate().map(|(index, field)| {
        let key = &field.name;
        let canonical = index * 2;
        let alias = canonical + 1;
        let aliases = &field.aliases;
        let alias_arm = (!aliases.is_empty()).then(|| quote!(#(#aliases)|* => #alias,));
        quote!(#key => #canonical, #alias_arm)
    });
    let store_arms = keyed.iter().enumerate().map(|(index, field)| {
        let (canonical, alias) = (index * 2, index * 2 + 1);
        let (slot, key, seed) = (&field.ident, &field.name, seed(field));
        if field.aliases.is_empty() {
            quote!(#canonical => ::webhook_core::wire::object::store(&mut partial.#slot, #key, #seed, map),)
        } else {
            let aliased = aliased(field);
            quote! {
                #canonical => ::webhook_core::wire::object::store_over_alias(
                    &mut partial.#slot, &mut partial.#aliased, #key, #seed, map),
                #alias => ::webhook_core::wire::object::store_alias(
                    &mut partial.#slot, &mut partial.#aliased, #seed, map),
            }
        }
    });
    let finish = all.iter().map(|field| {
        let (slot, key) = (&field.ident, &field.name);
        let absent = absent(field);
        quote!(#slot: ::webhook_core::wire::object::take(partial.#slot, #absent, #key)?,)
    });
    let encode = keyed.iter().map(|field| encode(field));
    let descriptions = keyed.iter().map(|field| description(field));
    let slot_for_event = event.map(|field| {
        let (slot, ty) = (&field.ident, &field.ty);
        quote! {
            impl ::webhook_core::wire::HoldsEvent for #ident {
                type Event = #ty;
                fn put_event(partial: &mut Self::Partial, event: #ty) { partial.#slot = Some(event); }
                fn event_of(&self) -> &#ty { &self.#slot }
            }
        }
    });
    // An envelope is read by the core, which alone knows what to do with the event.
    let as_value = event.is_none().then(|| value_impls(ident));
    Ok(quote! {
        const _: () = {
            #partial

            #[automatically_derived]
            impl ::webhook_core::wire::Object for #ident {
                type Partial = Partial;
                const NAME: &'static str = #name;
                const DOC: &'static str = #doc;

                #[inline]
                fn key(text: &str) -> usize {
                    match text {
                        #(#key_arms)*
                        _ => ::webhook_core::wire::object::UNKNOWN,
                    }
                }

                #[inline]
                fn decode_field<'de, A: ::webhook_core::serde::de::MapAccess<'de>>(
                    partial: &mut Partial,
                    key: usize,
                    map: &mut A,
                ) -> ::core::result::Result<(), A::Error> {
                    match key {
                        #(#store_arms)*
                        _ => ::webhook_core::wire::object::skip(map),
                    }
                }

                #[inline]
                fn finish<E: ::webhook_core::serde::de::Error>(partial: Partial) -> ::core::result::Result<Self, E> {
                    Ok(Self { #(#finish)* })
                }

                fn encode_fields<S: ::webhook_core::serde::ser::SerializeMap>(
                    &self,
                    map: &mut S,
                ) -> ::core::result::Result<(), S::Error> {
                    #(#encode)*
                    Ok(())
                }

                fn fields() -> &'static [::webhook_core::shape::Field] {
                    const FIELDS: &[::webhook_core::shape::Field] = &[#(#descriptions),*];
                    FIELDS
                }
            }
            #slot_for_event
            #as_value
        };
    })
}

/// The struct under construction: a slot per field, and for a field with aliases whether an alias filled it.
fn partial(all: &[FieldSpec], keyed: &[&FieldSpec]) -> TokenStream {
    let slots = all.iter().map(|field| {
        let (slot, ty) = (&field.ident, &field.ty);
        quote!(#slot: ::core::option::Option<#ty>,)
    });
    let flags = keyed.iter().filter(|field| !field.aliases.is_empty()).map(|field| {
        let flag = aliased(field);
        quote!(#flag: bool,)
    });
    quote! {
        #[doc(hidden)]
        #[derive(Default)]
        #[allow(unreachable_pub, missing_debug_implementations, reason = "seen by the macro's own code only")]
        pub struct Partial { #(#slots)* #(#flags)* }
    }
}

/// What makes the type usable as the value of a field, and by any serde format.
fn value_impls(ident: &syn::Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::webhook_core::Wire for #ident {
            fn decode<'de, D: ::webhook_core::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::webhook_core::wire::object::decode(deserializer)
            }
            fn encode<S: ::webhook_core::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::webhook_core::wire::object::encode(self, serializer)
            }
            fn shape() -> ::webhook_core::shape::Shape {
                ::webhook_core::wire::object::shape::<Self>()
            }
        }
        ::webhook_core::wire_as_serde!(#ident);
    }
}

fn aliased(field: &FieldSpec) -> syn::Ident {
    format_ident!("{}_from_alias", field.ident)
}

fn seed(field: &FieldSpec) -> TokenStream {
    let ty = &field.ty;
    match &field.with {
        None => quote!(::webhook_core::wire::seed::<#ty>()),
        Some(with) => quote!(::webhook_core::wire::seed_as::<#with, #ty>()),
    }
}

fn absent(field: &FieldSpec) -> TokenStream {
    let ty = &field.ty;
    match (&field.with, field.event) {
        (_, true) => quote!(|| None),
        (None, _) => quote!(<#ty as ::webhook_core::Wire>::absent),
        (Some(with), _) => quote!(<#with as ::webhook_core::wire::WireAs<#ty>>::absent),
    }
}

fn encode(field: &FieldSpec) -> TokenStream {
    let (slot, key, ty) = (&field.ident, &field.name, &field.ty);
    let (value, empty) = match &field.with {
        None => (
            quote!(::webhook_core::wire::Encoded::new(&self.#slot)),
            quote!(<#ty as ::webhook_core::Wire>::is_absent(&self.#slot)),
        ),
        Some(with) => (
            quote!(::webhook_core::wire::EncodedAs::<#with, #ty>::new(&self.#slot)),
            quote!(<#with as ::webhook_core::wire::WireAs<#ty>>::is_absent(&self.#slot)),
        ),
    };
    let entry = quote!(map.serialize_entry(#key, &#value)?;);
    if field.optional { quote!(if !#empty { #entry }) } else { entry }
}

fn description(field: &FieldSpec) -> TokenStream {
    let (name, ty, doc) = (&field.name, &field.ty, &field.doc);
    let (aliases, nullable, optional) = (&field.aliases, field.nullable, field.optional);
    let shape = match &field.with {
        None => quote!(<#ty as ::webhook_core::Wire>::shape),
        Some(with) => quote!(<#with as ::webhook_core::wire::WireAs<#ty>>::shape),
    };
    let absent = absent(field);
    quote! {
        ::webhook_core::shape::Field::new(#name, #doc, #shape)
            .documented(#nullable, #optional)
            .required_if(|| (#absent)().is_none())
            .with_aliases(&[#(#aliases),*])
    }
}
