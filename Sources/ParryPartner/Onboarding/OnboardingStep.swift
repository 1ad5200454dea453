/// What onboarding does about one declared resource.
package struct OnboardingStep: Sendable, Hashable {
    /// What becomes of it.
    package enum Action: String, Sendable {
        /// It is there, and known.
        case keep
        /// It is there, and becomes known.
        case adopt
        /// It is made.
        case create
    }

    package let kind: MappingStore.Kind
    package let name: String
    package let action: Action
    /// nil for what a dry run would make.
    package let id: String?
    /// How what is there differs from what is declared; nothing is changed about it.
    package let differences: [String]
}
