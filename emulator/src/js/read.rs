//! Deserialises objects of options and of faults, with errors that name what is wrong.
//!
//! Each field of such a struct has a type, such as [`Whole`], that validates the value and describes what is expected. The error gets the path
//! of the field from serde_path_to_error.

use js_sys::{Array, Object, RangeError, TypeError};
use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer};
use wasm_bindgen::prelude::*;

/// JavaScript's `Number.MAX_SAFE_INTEGER`, 2⁵³ − 1.
pub const MAX_INTEGER: u64 = 9_007_199_254_740_991;
/// The first character of a message about a value that has the right type but is out of range: it becomes a `RangeError`.
const OUT_OF_RANGE: char = '\u{1}';

/// Deserialises an object; `name` is its name in errors. Undefined and null are treated as an empty object; an unknown property is an error.
pub fn read<T: DeserializeOwned>(name: &str, value: JsValue) -> Result<T, JsValue> {
    let absent = value.is_undefined() || value.is_null();
    let object = if absent { Object::new().into() } else { value };
    if !object.is_object() || Array::is_array(&object) {
        return Err(TypeError::new(&format!("{name} must be an object")).into());
    }
    let known = field_names::<T>();
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
            // An error that a getter threw is passed on.
            _ => thrown,
        }
    })
}

/// The `TypeError` that a field must be something else.
pub fn must_be_error(name: &str, member: &str, must: &str) -> JsValue {
    TypeError::new(&format!("{name}.{member} must be {must}")).into()
}

/// The names of the fields of a struct.
fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(FieldNames(&mut names));
    names
}

/// A deserialiser that stores the field names that a struct asks for, and then fails.
struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
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

/// A value that is not validated here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Raw(#[serde(with = "serde_wasm_bindgen::preserve")] pub JsValue);

impl Raw {
    /// The value; `None` for undefined and null.
    pub fn value(&self) -> Option<&JsValue> {
        Some(&self.0).filter(|value| !value.is_undefined() && !value.is_null())
    }
}

/// An integer from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug)]
pub struct Whole<const MIN: u64, const MAX: u64>(pub u64);

/// A number of at least 0. `Infinity` is allowed only where `INFINITE` is true.
#[derive(Clone, Copy, Debug)]
pub struct AtLeast0<const INFINITE: bool>(pub f64);

/// A string.
#[derive(Clone, Debug)]
pub struct Text(pub String);

/// A boolean.
#[derive(Clone, Copy, Debug)]
pub struct Flag(pub bool);

/// An array of at least one string, none of them empty.
#[derive(Clone, Debug)]
pub struct Texts(pub Vec<String>);

/// The type of a field that validates its value.
pub trait FromOption: Sized {
    /// Reads the value; the error tells what it must be.
    fn of(value: &JsValue) -> Result<Self, String>;
}

/// The message for a value of the wrong type.
pub fn must_be(be: &str) -> String {
    format!("must be {be}")
}

impl<const MIN: u64, const MAX: u64> FromOption for Whole<MIN, MAX> {
    fn of(value: &JsValue) -> Result<Self, String> {
        let number = value.as_f64().ok_or_else(|| must_be("a number"))?;
        let whole = crate::json::whole(number).and_then(|number| u64::try_from(number).ok());
        let bounds = if MAX >= MAX_INTEGER { format!("of at least {MIN}") } else { format!("from {MIN} to {MAX}") };
        let fits = whole.filter(|number| (MIN..=MAX).contains(number));
        fits.map(Whole).ok_or_else(|| format!("{OUT_OF_RANGE}an integer {bounds}"))
    }
}

impl<const INFINITE: bool> FromOption for AtLeast0<INFINITE> {
    fn of(value: &JsValue) -> Result<Self, String> {
        let number = value.as_f64().ok_or_else(|| must_be("a number"))?;
        let fits = number >= 0.0 && (number.is_finite() || INFINITE);
        Some(AtLeast0(number)).filter(|_| fits).ok_or_else(|| format!("{OUT_OF_RANGE}a number of at least 0"))
    }
}

impl FromOption for Text {
    fn of(value: &JsValue) -> Result<Self, String> {
        value.as_string().map(Text).ok_or_else(|| must_be("a string"))
    }
}

impl FromOption for Flag {
    fn of(value: &JsValue) -> Result<Self, String> {
        value.as_bool().map(Flag).ok_or_else(|| must_be("a boolean"))
    }
}

impl FromOption for Texts {
    fn of(value: &JsValue) -> Result<Self, String> {
        let texts = value.dyn_ref::<Array>().and_then(|list| {
            list.iter().map(|item| item.as_string().filter(|text| !text.is_empty())).collect::<Option<Vec<String>>>()
        });
        let some = texts.filter(|texts| !texts.is_empty());
        some.map(Texts).ok_or_else(|| must_be("an array of non-empty strings, at least one"))
    }
}

/// Implements `Deserialize` by [`FromOption`]. The generic parameters of each type are given in braces before it.
macro_rules! impl_deserialize {
    ($({$($generic:tt)*} $member:ty),+ $(,)?) => {
        $(impl<'de, $($generic)*> serde::Deserialize<'de> for $member {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = <$crate::js::read::Raw as serde::Deserialize>::deserialize(from)?;
                <$member as $crate::js::read::FromOption>::of(&value.0).map_err(<D::Error as serde::de::Error>::custom)
            }
        })+
    };
}
pub(super) use impl_deserialize;

impl_deserialize!({const MIN: u64, const MAX: u64} Whole<MIN, MAX>, {const INFINITE: bool} AtLeast0<INFINITE>, {} Text, {} Flag, {} Texts);
