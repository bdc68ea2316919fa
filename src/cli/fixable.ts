// Something a person can fix: its message is printed without a stack.

export class Fixable extends Error {}
