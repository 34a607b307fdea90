//! Expansion for a struct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::envelope;
use crate::structure::Struct;

/// Expands `#[derive(Wire)]` on a struct.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let object = Struct::of(input)?;
    let (ident, name, doc) = (&object.ident, object.ident.to_string(), &object.doc);
    let partial = object.partial();
    let (keys, numbers) = (object.keys(), object.numbers());
    let (required, identity) = (object.required(), object.identity());
    let (number, read_field) = (object.number(), object.read_field());
    let (finish, write_fields, fields) = (object.finish(), object.write_fields(), object.descriptions());
    let constructor = object.constructor();
    // An envelope is read by the core, which handles the event.
    let rest = match object.event() {
        Some((field, event)) => envelope::expand(&object, field, event)?,
        None => value_impls(ident),
    };
    Ok(quote! {
        const _: () = {
            use ::webhook_core::__private as private;
            #partial

            #[automatically_derived]
            impl ::webhook_core::wire::Object for #ident {
                type Partial = Partial;
                const NAME: &'static str = #name;
                const DOC: &'static str = #doc;
                const KEYS: &'static [(&'static str, u16)] = #keys;
                const NUMBERS: u16 = #numbers;
                const REQUIRED: u64 = #required;
                const IDENTITY: u64 = #identity;

                #[inline]
                fn number(key: &str) -> u16 { #number }

                #[inline]
                fn read_field(
                    partial: &mut Partial,
                    number: u16,
                    json: &mut ::webhook_core::json::Reader<'_>,
                ) -> ::core::result::Result<(), ::webhook_core::json::NotJson> { #read_field }

                #[inline]
                fn finish(partial: Partial) -> ::core::option::Option<Self> { #finish }

                fn write_fields<S: private::serde::ser::SerializeMap>(
                    &self,
                    map: &mut S,
                    sparse: bool,
                ) -> ::core::result::Result<(), S::Error> {
                    #write_fields
                    Ok(())
                }

                fn fields() -> &'static [::webhook_core::describe::Field] { #fields }
            }
            #rest
            #constructor
        };
    })
}

/// The implementations that make the type usable as the value of a field, and in any serde format.
fn value_impls(ident: &syn::Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::webhook_core::Wire for #ident {
            fn read(
                json: &mut ::webhook_core::json::Reader<'_>,
            ) -> ::core::result::Result<::core::option::Option<Self>, ::webhook_core::json::NotJson> {
                private::read_object(json)
            }
            fn write<S: private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                private::write_object(self, serializer)
            }
            fn of_nothing() -> ::core::option::Option<Self> {
                ::webhook_core::wire::Object::finish(::core::default::Default::default())
            }
            fn shape() -> ::webhook_core::describe::Shape {
                ::webhook_core::describe::Shape::Object {
                    name: <Self as ::webhook_core::wire::Object>::NAME,
                    doc: <Self as ::webhook_core::wire::Object>::DOC,
                    fields: <Self as ::webhook_core::wire::Object>::fields,
                }
            }
        }
        ::webhook_core::wire_as_serde!(#ident);
    }
}
