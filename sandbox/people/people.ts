/** The people of the sandbox: who they are, their passwords, and how they get into a database. */
export { seedCases } from './cases.ts';
export { type DescribedPerson, type Doors, describePeople } from './describe-people.ts';
export { seedLinks, seedSnils } from './links.ts';
export { generatePasswords, readablePassword } from './passwords.ts';
export { seedSchools } from './schools.ts';
export { seed } from './seed.ts';
