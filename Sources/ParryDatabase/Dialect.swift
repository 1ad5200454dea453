/// Which engine a statement is for, where the two must be told apart.
///
/// SQL is written once in the subset both speak. Each fragment that has to differ is a property
/// here, and its comment begins "Differs by necessity:".
package enum Dialect: Sendable, Hashable {
    case sqlite

    /// The suffix of a SELECT that locks its rows until the transaction ends.
    ///
    /// Differs by necessity: SQLite has one writer at a time, so rows need no lock and the fragment
    /// is empty; PostgreSQL will say `FOR UPDATE`.
    package var forUpdate: SQL {
        switch self {
        case .sqlite: .empty
        }
    }
}
