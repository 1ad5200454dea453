/// What the person who runs the program has to put right, in one line.
package struct PartnerError: Error, CustomStringConvertible, Equatable {
    /// What is wrong, and what to do.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
