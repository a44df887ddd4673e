import { describeFaults } from './faults.suite.ts';

describeFaults('asterisk-ari');
