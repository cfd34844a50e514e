//! Reads options and faults, and names what is wrong with them.

use js_sys::{Array, Function, Object, RangeError, Reflect, TypeError};
use wasm_bindgen::prelude::*;

/// An object given by JavaScript code, and what it is called in a message.
pub struct Given {
    name: String,
    object: JsValue,
}

impl Given {
    /// Takes an object whose members are all known; undefined and null are an empty one.
    pub fn new(name: impl Into<String>, object: JsValue, known: &[&str]) -> Result<Given, JsValue> {
        let name = name.into();
        if object.is_undefined() || object.is_null() {
            return Ok(Given { name, object: Object::new().into() });
        }
        if !object.is_object() || Array::is_array(&object) {
            return Err(TypeError::new(&format!("{name} must be an object")).into());
        }
        let keys = Object::keys(object.unchecked_ref::<Object>());
        let unknown = keys.iter().filter_map(|key| key.as_string()).find(|key| !known.contains(&key.as_str()));
        match unknown {
            Some(key) => {
                Err(TypeError::new(&format!("{name}.{key} is unknown; there are {}", known.join(", "))).into())
            }
            None => Ok(Given { name, object }),
        }
    }

    /// The error for a member that is not what it must be.
    pub fn wrong(&self, member: &str, must: &str) -> JsValue {
        TypeError::new(&format!("{}.{member} must be {must}", self.name)).into()
    }

    /// A member; absent if it is undefined or null.
    pub fn member(&self, member: &str) -> Result<Option<JsValue>, JsValue> {
        let value = Reflect::get(&self.object, &member.into())?;
        Ok(Some(value).filter(|value| !value.is_undefined() && !value.is_null()))
    }

    /// Which of two names of one member is given: the present one, or the one it had before.
    pub fn either(&self, name: &'static str, before: &'static str) -> Result<&'static str, JsValue> {
        match (self.member(name)?, self.member(before)?) {
            (Some(_), Some(_)) => Err(self.wrong(before, &format!("left out where {name} is given"))),
            (None, Some(_)) => Ok(before),
            _ => Ok(name),
        }
    }

    /// A number of at least 0; infinite only where that is allowed.
    pub fn number(&self, member: &str, infinite: bool) -> Result<Option<f64>, JsValue> {
        let Some(value) = self.member(member)? else { return Ok(None) };
        let number = value.as_f64().ok_or_else(|| self.wrong(member, "a number"))?;
        if number >= 0.0 && (number.is_finite() || infinite) {
            return Ok(Some(number));
        }
        Err(RangeError::new(&format!("{}.{member} must be a number of at least 0", self.name)).into())
    }

    /// A whole number within bounds.
    pub fn integer(&self, member: &str, min: u64, max: u64) -> Result<Option<u64>, JsValue> {
        let Some(value) = self.member(member)? else { return Ok(None) };
        let number = value.as_f64().ok_or_else(|| self.wrong(member, "a number"))?;
        let whole = crate::json::whole(number).and_then(|number| u64::try_from(number).ok());
        let whole = whole.filter(|number| (min..=max).contains(number));
        let bounds = if max >= MAX_INTEGER { format!("of at least {min}") } else { format!("from {min} to {max}") };
        whole
            .map(Some)
            .ok_or_else(|| RangeError::new(&format!("{}.{member} must be an integer {bounds}", self.name)).into())
    }

    /// A text.
    pub fn text(&self, member: &str) -> Result<Option<String>, JsValue> {
        let Some(value) = self.member(member)? else { return Ok(None) };
        value.as_string().map(Some).ok_or_else(|| self.wrong(member, "a string"))
    }

    /// Yes or no; no if absent.
    pub fn flag(&self, member: &str) -> Result<bool, JsValue> {
        let Some(value) = self.member(member)? else { return Ok(false) };
        value.as_bool().ok_or_else(|| self.wrong(member, "a boolean"))
    }

    /// A list of texts that are not empty.
    pub fn texts(&self, member: &str) -> Result<Option<Vec<String>>, JsValue> {
        let Some(value) = self.member(member)? else { return Ok(None) };
        let wrong = || self.wrong(member, "an array of non-empty strings, at least one");
        let list: &Array = value.dyn_ref().ok_or_else(wrong)?;
        let texts: Option<Vec<String>> =
            list.iter().map(|item| item.as_string().filter(|text| !text.is_empty())).collect();
        texts.filter(|texts| !texts.is_empty()).map(Some).ok_or_else(wrong)
    }

    /// A function.
    pub fn function(&self, member: &str) -> Result<Option<Function>, JsValue> {
        Ok(self.member(member)?.and_then(|value| value.dyn_into().ok()))
    }
}

/// The largest whole number JavaScript tells from its neighbours.
pub const MAX_INTEGER: u64 = 9_007_199_254_740_991;
