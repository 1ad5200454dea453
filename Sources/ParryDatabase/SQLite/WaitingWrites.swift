/// A closure that waits to be written, with its caller's continuation inside.
///
/// Exactly one of `fail` and the closure that `run` returned last is called, once.
struct WaitingWrite: Sendable {
    /// Runs the caller's closure, again if a neighbour failed; what it returns tells the caller of the success.
    let run: @Sendable (SQLiteTransaction) throws -> @Sendable () -> Void
    /// Tells the caller that nothing was written.
    let fail: @Sendable (any Error) -> Void
}

/// The waiting closures, first come first served.
struct WaitingWrites {
    private var slots: [WaitingWrite?] = []
    private var head = 0

    var count: Int { slots.count - head }
    var isEmpty: Bool { count == 0 }
    var all: [WaitingWrite] { slots.compactMap { $0 } }

    mutating func append(_ write: WaitingWrite) {
        slots.append(write)
    }

    /// Takes the one that has waited longest; constant time on average.
    mutating func popFirst() -> WaitingWrite? {
        guard head < slots.count else { return nil }
        let first = slots[head].take()
        head += 1
        if head == slots.count {
            slots.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 256, head * 2 >= slots.count {
            slots.removeFirst(head)
            head = 0
        }
        return first
    }
}
