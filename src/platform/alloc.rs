//! The memory of Rust's own values.
//!
//! What lives here is small and short: calls, tickets, the lists of a batch. Strings, bodies and answers are JavaScript's. So there is
//! one list of free blocks for each power of two, and a block goes back to the list that it came from. Nothing is ever split or
//! joined: memory that was used once for blocks of a size serves all later ones of it, and long runs need no more than their peak.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

#[cfg(target_arch = "wasm32")]
mod blocks {
    use std::alloc::{GlobalAlloc, Layout};
    use std::arch::wasm32;
    use std::cell::UnsafeCell;

    /// The bytes of a page of memory, in bits.
    const PAGE: usize = 16;
    /// The smallest block, in bits: a list needs a place for its link, and nothing here wants finer alignment.
    const SMALLEST: usize = 4;

    struct Blocks {
        /// The first free block of each size, 0 for none. A free block begins with the address of the next.
        free: UnsafeCell<[usize; 32]>,
        /// Where memory begins that was never handed out, and where it ends.
        fresh: UnsafeCell<(usize, usize)>,
    }

    // SAFETY: a module of wasm without shared memory has one thread.
    unsafe impl Sync for Blocks {}

    #[global_allocator]
    static BLOCKS: Blocks = Blocks { free: UnsafeCell::new([0; 32]), fresh: UnsafeCell::new((0, 0)) };

    /// The size of the blocks for `layout`, in bits. Nothing here wants an alignment of more than the smallest block's.
    fn bits(layout: Layout) -> usize {
        let least = layout.size().max(1 << SMALLEST);
        (usize::BITS - (least - 1).leading_zeros()) as usize
    }

    // SAFETY: blocks of one size never overlap those of another, and a block is on its list or handed out, never both.
    #[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "addresses of a memory of 32 bits")]
    unsafe impl GlobalAlloc for Blocks {
        #[inline(never)]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            let bits = bits(layout) & 31;
            unsafe {
                let first = &mut (*self.free.get())[bits];
                if *first != 0 {
                    let block = *first as *mut usize;
                    *first = *block;
                    return block.cast();
                }
                let (mut start, mut end) = *self.fresh.get();
                let size = 1 << bits;
                if end - start < size {
                    let pages = (size >> PAGE) + 1;
                    let before = wasm32::memory_grow(0, pages);
                    if before == usize::MAX {
                        return std::ptr::null_mut();
                    }
                    // What was left of the memory before is forgotten where somebody else has grown it in between.
                    if before << PAGE != end {
                        start = before << PAGE;
                    }
                    end = (before + pages) << PAGE;
                }
                *self.fresh.get() = (start + size, end);
                start as *mut u8
            }
        }

        #[inline(never)]
        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            unsafe {
                let first = &mut (*self.free.get())[bits(layout) & 31];
                *block.cast() = *first;
                *first = block as usize;
            }
        }

        #[inline(never)]
        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            unsafe {
                let wanted = Layout::from_size_align_unchecked(size, layout.align());
                if bits(wanted) == bits(layout) {
                    return block;
                }
                let bigger = self.alloc(wanted);
                if !bigger.is_null() {
                    bigger.copy_from_nonoverlapping(block, layout.size().min(size));
                    self.dealloc(block, layout);
                }
                bigger
            }
        }
    }
}
