#![no_std]
//! Postern's heart.
