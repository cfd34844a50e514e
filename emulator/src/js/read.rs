//! Reads options and faults into structs, and names what is wrong with them.
//!
//! The members of these structs check themselves: what one must be is said where its type is declared, and the path to it is told with it.

use js_sys::{Array, Object, RangeError, TypeError};
use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer};
use wasm_bindgen::prelude::*;

/// The largest whole number JavaScript tells from its neighbours.
pub const MAX_INTEGER: u64 = 9_007_199_254_740_991;
/// Marks the message of what is of the right type, but out of its range.
const OUT_OF_RANGE: char = '\u{1}';

/// Reads an object whose members are all known; undefined and null are an empty one.
pub fn read<T: DeserializeOwned>(name: &str, value: JsValue) -> Result<T, JsValue> {
    let absent = value.is_undefined() || value.is_null();
    let object = if absent { Object::new().into() } else { value };
    if !object.is_object() || Array::is_array(&object) {
        return Err(TypeError::new(&format!("{name} must be an object")).into());
    }
    let known = members::<T>();
    let keys = Object::keys(object.unchecked_ref::<Object>());
    if let Some(key) = keys.iter().filter_map(|key| key.as_string()).find(|key| !known.contains(&key.as_str())) {
        return Err(TypeError::new(&format!("{name}.{key} is unknown; there are {}", known.join(", "))).into());
    }
    serde_path_to_error::deserialize(serde_wasm_bindgen::Deserializer::from(object)).map_err(|error| {
        let path = error.path().to_string();
        let thrown = JsValue::from(error.into_inner());
        let message = thrown.dyn_ref::<js_sys::Error>().map(js_sys::Error::message).and_then(|text| text.as_string());
        match message.as_deref().map(|text| (text.strip_prefix(OUT_OF_RANGE), text)) {
            Some((Some(must), _)) => RangeError::new(&format!("{name}.{path} must be {must}")).into(),
            Some((None, must)) if must.starts_with("must be ") => {
                TypeError::new(&format!("{name}.{path} {must}")).into()
            }
            // What a getter threw is thrown on.
            _ => thrown,
        }
    })
}

/// The error for a member that does not go with the others.
pub fn wrong(name: &str, member: &str, must: &str) -> JsValue {
    TypeError::new(&format!("{name}.{member} must be {must}")).into()
}

/// The names of a struct's members.
fn members<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(Members(&mut names));
    names
}

/// Takes note of the names of the members that a struct asks for, and hands over nothing.
struct Members<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Members<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(Self::Error::custom("nothing is read"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("nothing is read"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A member as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Plain(#[serde(with = "serde_wasm_bindgen::preserve")] pub JsValue);

impl Plain {
    /// The value, absent if it is undefined or null.
    pub fn given(&self) -> Option<&JsValue> {
        Some(&self.0).filter(|value| !value.is_undefined() && !value.is_null())
    }
}

/// A whole number within bounds.
#[derive(Clone, Copy, Debug)]
pub struct Whole<const MIN: u64, const MAX: u64>(pub u64);

/// A number of at least 0, which may be infinite if that is said.
#[derive(Clone, Copy, Debug)]
pub struct AtLeast0<const INFINITE: bool>(pub f64);

/// A text.
#[derive(Clone, Debug)]
pub struct Text(pub String);

/// Yes or no.
#[derive(Clone, Copy, Debug)]
pub struct Flag(pub bool);

/// A list of texts that are not empty, at least one.
#[derive(Clone, Debug)]
pub struct Texts(pub Vec<String>);

/// A member that says by itself what it must be.
pub trait Member: Sized {
    /// Reads it, or tells what it must be.
    fn of(value: &JsValue) -> Result<Self, String>;
}

/// What a value must be that is not of the right type.
pub fn must(be: &str) -> String {
    format!("must be {be}")
}

impl<const MIN: u64, const MAX: u64> Member for Whole<MIN, MAX> {
    fn of(value: &JsValue) -> Result<Self, String> {
        let number = value.as_f64().ok_or_else(|| must("a number"))?;
        let whole = crate::json::whole(number).and_then(|number| u64::try_from(number).ok());
        let bounds = if MAX >= MAX_INTEGER { format!("of at least {MIN}") } else { format!("from {MIN} to {MAX}") };
        let fits = whole.filter(|number| (MIN..=MAX).contains(number));
        fits.map(Whole).ok_or_else(|| format!("{OUT_OF_RANGE}an integer {bounds}"))
    }
}

impl<const INFINITE: bool> Member for AtLeast0<INFINITE> {
    fn of(value: &JsValue) -> Result<Self, String> {
        let number = value.as_f64().ok_or_else(|| must("a number"))?;
        let fits = number >= 0.0 && (number.is_finite() || INFINITE);
        Some(AtLeast0(number)).filter(|_| fits).ok_or_else(|| format!("{OUT_OF_RANGE}a number of at least 0"))
    }
}

impl Member for Text {
    fn of(value: &JsValue) -> Result<Self, String> {
        value.as_string().map(Text).ok_or_else(|| must("a string"))
    }
}

impl Member for Flag {
    fn of(value: &JsValue) -> Result<Self, String> {
        value.as_bool().map(Flag).ok_or_else(|| must("a boolean"))
    }
}

impl Member for Texts {
    fn of(value: &JsValue) -> Result<Self, String> {
        let texts = value.dyn_ref::<Array>().and_then(|list| {
            list.iter().map(|item| item.as_string().filter(|text| !text.is_empty())).collect::<Option<Vec<String>>>()
        });
        let some = texts.filter(|texts| !texts.is_empty());
        some.map(Texts).ok_or_else(|| must("an array of non-empty strings, at least one"))
    }
}

/// Lets serde read members; in braces stands what a type is generic over.
macro_rules! read_as_members {
    ($({$($generic:tt)*} $member:ty),+ $(,)?) => {
        $(impl<'de, $($generic)*> serde::Deserialize<'de> for $member {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = <$crate::js::read::Plain as serde::Deserialize>::deserialize(from)?;
                <$member as $crate::js::read::Member>::of(&value.0).map_err(<D::Error as serde::de::Error>::custom)
            }
        })+
    };
}
pub(super) use read_as_members;

read_as_members!({const MIN: u64, const MAX: u64} Whole<MIN, MAX>, {const INFINITE: bool} AtLeast0<INFINITE>, {} Text, {} Flag, {} Texts);
