//! JavaScript's values as numbers that can be copied.
//!
//! wasm-bindgen's own `JsValue` has to be dropped, each with a call into JavaScript, and lives in memory for that. Here a value belongs
//! to the call that met it: `pkg-template/client/values.js` holds all of a call's values in one list, its scope, and lets go of them
//! together when the call is over. So a [`Val`] is good as long as its call, and in that call's steps only. What is to last longer, or
//! to be seen by several calls, is [`Kept`]; what a call of a batch meets is in a [`Scope`] that the batch holds.
//!
//! In the tests that run in wasm-bindgen's own glue nothing is given back before the end.

#![allow(unsafe_code, reason = "numbers become values of wasm-bindgen's here, and nowhere else")]

use std::mem::ManuallyDrop;
use std::ops::Deref;

use wasm_bindgen::convert::{FromWasmAbi, IntoWasmAbi};
use wasm_bindgen::describe::{EXTERNREF, WasmDescribe, inform};
use wasm_bindgen::prelude::*;

use super::names::Name;

/// True where the glue is the one that scripts/lib/glue.mjs makes.
pub(super) const LEAN: bool = cfg!(feature = "lean-glue");

#[wasm_bindgen(raw_module = "./values.js")]
extern "C" {
    /// NaN for what is no number.
    fn number(value: &Val) -> f64;

    fn keep(value: &Val) -> i32;

    fn release(number: i32);

    fn open(value: &Val) -> i32;

    fn close(number: i32);

    fn enter(number: i32);

    fn leave();

    fn forget(number: i32);
}

macro_rules! values {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default)]
        #[repr(transparent)]
        pub struct $name(i32);

        impl WasmDescribe for $name {
            fn describe() {
                inform(EXTERNREF);
            }
        }

        impl IntoWasmAbi for &$name {
            type Abi = i32;

            #[inline]
            fn into_abi(self) -> i32 {
                self.0
            }
        }

        impl IntoWasmAbi for $name {
            type Abi = i32;

            #[inline]
            fn into_abi(self) -> i32 {
                self.0
            }
        }

        impl FromWasmAbi for $name {
            type Abi = i32;

            #[inline]
            unsafe fn from_abi(number: i32) -> $name {
                $name(number)
            }
        }
    )*};
}

values! {
    /// Any value. The default is undefined.
    Val
    /// A value that is known to be an object, or whose fields are read as if it were.
    Fields
    /// A value that is known to be a string.
    Text
    /// A value that is known to be an array.
    List
}

macro_rules! views {
    ($($name:ident $view:ident)*) => {$(
        impl Deref for $name {
            type Target = Val;

            #[inline]
            fn deref(&self) -> &Val {
                // SAFETY: both are the same number.
                unsafe { &*std::ptr::from_ref(self).cast() }
            }
        }

        impl Val {
            /// The same value, for those who know or do not care what it is.
            #[inline]
            pub(crate) fn $view(self) -> $name {
                $name(self.0)
            }
        }
    )*};
}

views! { Fields fields Text text List list }

impl Val {
    pub(crate) const UNDEFINED: Val = Val(0);
    /// What a scope was made with.
    pub(super) const FIRST: Val = Val(-1);

    /// The value with this number: one that lasts.
    #[cfg(feature = "lean-glue")]
    pub(crate) const fn lasting(number: i32) -> Val {
        Val(number)
    }

    /// The same for wasm-bindgen, which must not drop it.
    #[inline]
    fn js(self) -> ManuallyDrop<JsValue> {
        // SAFETY: a number of a live value; it is lent.
        ManuallyDrop::new(unsafe { JsValue::from_abi(self.0 as u32) })
    }

    /// True for undefined. Where the glue is ours every undefined has the same number, so that nobody needs to be asked.
    #[inline]
    pub(crate) fn is_none(self) -> bool {
        if LEAN { self.0 == 0 } else { self.js().is_undefined() }
    }

    /// True for what counts as true.
    pub(crate) fn is_true(self) -> bool {
        !self.is_none() && self.js().is_truthy()
    }

    pub(crate) fn is_null(self) -> bool {
        self.js().is_null()
    }

    pub(crate) fn is_string(self) -> bool {
        !self.is_none() && self.js().is_string()
    }

    /// True for an object, an array, too; not for null or a function.
    pub(crate) fn is_object(self) -> bool {
        self.js().is_object()
    }

    pub(crate) fn is_function(self) -> bool {
        self.is_type(Name::Function)
    }

    /// A number; NaN counts as none.
    #[inline(never)]
    pub(crate) fn as_f64(self) -> Option<f64> {
        if self.is_none() {
            return None;
        }
        Some(number(&self)).filter(|number| !number.is_nan())
    }

    #[inline(never)]
    pub(crate) fn as_bool(self) -> Option<bool> {
        if self.is_type(Name::Boolean) { Some(self.is_true()) } else { None }
    }

    /// What `typeof` gives.
    pub(crate) fn type_of(self) -> Val {
        self.js().js_typeof().into()
    }

    /// True where `typeof` gives this.
    #[inline(never)]
    pub(crate) fn is_type(self, name: Name) -> bool {
        !self.is_none() && name.is(self.type_of())
    }

    /// This one, or the other where it is undefined.
    pub(crate) fn or(self, other: Val) -> Val {
        if self.is_none() { other } else { self }
    }
}

/// `===`.
impl PartialEq for Val {
    fn eq(&self, other: &Val) -> bool {
        self.js() == other.js()
    }
}

impl From<JsValue> for Val {
    #[inline]
    fn from(value: JsValue) -> Val {
        Val(value.into_abi() as i32)
    }
}

impl From<Val> for JsValue {
    #[inline]
    fn from(value: Val) -> JsValue {
        // SAFETY: a number of a live value. What JavaScript gets is read while its scope is there.
        unsafe { JsValue::from_abi(value.0 as u32) }
    }
}

/// A value that lasts: good in the steps of every call, until it is dropped.
#[derive(Default)]
pub(crate) struct Kept(Val);

impl Kept {
    /// A value that does not last, for whoever holds it no longer than its call.
    pub(crate) fn lent(value: Val) -> Kept {
        Kept(value)
    }

    pub(crate) fn new(value: Val) -> Kept {
        // Names and undefined last anyway.
        Kept(if LEAN && value.0 < 0 { Val(keep(&value)) } else { value })
    }
}

impl Deref for Kept {
    type Target = Val;

    #[inline]
    fn deref(&self) -> &Val {
        &self.0
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if LEAN && self.0.0 > super::names::LAST {
            release(self.0.0);
        }
    }
}

/// The scope of a call whose steps somebody else takes.
pub(crate) struct Scope(Val);

impl Scope {
    /// A scope with one value in it.
    pub(crate) fn new(value: Val) -> Scope {
        Scope(if LEAN { Val(open(&value)) } else { value })
    }

    /// Runs something within it. It is given the scope's value.
    pub(crate) fn run<R>(&self, step: impl FnOnce(Val) -> R) -> R {
        if !LEAN {
            return step(self.0);
        }
        enter(self.0.0);
        let result = step(Val::FIRST);
        leave();
        result
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if LEAN {
            close(self.0.0);
        }
    }
}

/// Lets go of all that the call which runs has met after `last`.
pub(crate) fn forget_after(last: Val) {
    if LEAN && last.0 < 0 {
        forget(last.0);
    }
}
