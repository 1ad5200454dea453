package import ParryDatabase
import ParryDomain
package import ParryWire

/// The rows of `rate`: budgets that processes share. Nothing there is worth keeping over a crash.
package struct RateStore {
    /// One request that wants to be within its limit.
    package struct Ask: Sendable {
        package let key: String
        package let limit: Int64
        package let at: Timestamp

        package init(key: String, limit: Int64, at: Timestamp) {
            self.key = key
            self.limit = limit
            self.at = at
        }
    }

    /// Takes the asked requests from their budgets, the earlier ones first, in one statement for each
    /// budget's row and in the order of the keys, so that processes never wait for each other in a ring.
    ///
    /// - Returns: For each request nil, or the seconds to wait.
    package static func take(_ asks: [Ask], _ tx: any WriteTransaction) throws -> [Int64?] {
        var answers = [Int64?](repeating: nil, count: asks.count)
        let groups = Dictionary(grouping: asks.indices) { asks[$0].key }
        for (key, members) in groups.sorted(by: { $0.key < $1.key }) {
            let first = asks[members[0]]
            let (granted, budget) = try take(
                Int64(members.count), key, limit: first.limit, now: first.at, tx)
            for (position, member) in members.enumerated() where position >= granted {
                answers[member] = budget.waitSeconds(limit: first.limit, now: first.at)
            }
        }
        return answers
    }

    /// Forgets budgets that no longer count.
    package static func sweep(before now: Timestamp, _ tx: any WriteTransaction) throws {
        let oldest = RateBudget.window(of: now) - 1
        try tx.execute("DELETE FROM rate WHERE counted_window < \(oldest)")
    }

    /// `RateBudget.take`, as one statement: the row is locked, counted and read in it.
    private static func take(
        _ wanted: Int64, _ key: String, limit: Int64, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> (granted: Int64, budget: RateBudget) {
        let window = RateBudget.window(of: now)
        var fresh = RateBudget(window: window)
        let granted = fresh.take(wanted, limit: limit, now: now)
        let full = RateBudget.windowMilliseconds
        // Who is late is measured by the window that has begun, of which nothing is over yet.
        let left: SQL = """
            \(full) - CASE WHEN r.counted_window > excluded.counted_window THEN 0
            ELSE \(now.milliseconds % full) END
            """
        let isAhead: SQL = "r.counted_window >= excluded.counted_window"
        let current: SQL = "CASE WHEN \(isAhead) THEN r.current_count ELSE 0 END"
        let previous: SQL = """
            CASE WHEN \(isAhead) THEN r.previous_count
            WHEN r.counted_window = excluded.counted_window - 1 THEN r.current_count ELSE 0 END
            """
        let free: SQL = """
            (\(limit * full) - (\(previous)) * (\(left))) / \(full) - (\(current))
            """
        let taken: SQL = """
            CASE WHEN \(free) <= 0 THEN 0 WHEN \(free) < \(wanted) THEN \(free) ELSE \(wanted) END
            """
        let row = try tx.row(
            """
            INSERT INTO rate AS r (key, counted_window, current_count, previous_count, granted)
            VALUES (\(key), \(window), \(granted), 0, \(granted))
            ON CONFLICT (key) DO UPDATE SET
                counted_window = CASE WHEN \(isAhead) THEN r.counted_window
                    ELSE excluded.counted_window END,
                previous_count = \(previous),
                current_count = (\(current)) + (\(taken)),
                granted = \(taken)
            RETURNING counted_window, current_count, previous_count, granted
            """
        ) { row in
            (
                RateBudget(
                    window: try row.integer(), current: try row.integer(),
                    previous: try row.integer()), try row.integer()
            )
        }
        return row.map { ($0.1, $0.0) } ?? (granted, fresh)
    }
}
