import { runService } from '@trunkline/service-kit';
import { simulatorSettings } from './service/simulator-settings.ts';
import { startSimulatorService } from './service/start-simulator-service.ts';

await runService({ name: 'pbx-simulator', settings: simulatorSettings, start: startSimulatorService });
