/// Case-insensitive search that both engines do alike: the program folds, the database compares bytes.
enum Fold {
    /// The text in one case.
    static func fold(_ text: String) -> String { text.lowercased() }

    /// A LIKE pattern, escaped by a backslash, for texts that contain this one.
    static func containing(_ text: String) -> String { "%" + escaped(fold(text)) + "%" }

    /// The same for texts that contain it as it is.
    static func containingExactly(_ text: String) -> String { "%" + escaped(text) + "%" }

    /// A LIKE pattern, escaped by a backslash, for texts that begin with this one as it is.
    static func startingWith(_ text: String) -> String { escaped(text) + "%" }

    private static func escaped(_ text: String) -> String {
        text.map { "%_\\".contains($0) ? "\\" + String($0) : String($0) }.joined()
    }
}
